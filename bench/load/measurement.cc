#include "measurement.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

namespace load {

namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0)
    throw std::system_error(errno, std::generic_category(), "the clock of a server's process");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Clock::duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

double share(const CpuClocks::Ticks& ticks) {
  const long all = ticks.user + ticks.system;
  return all == 0 ? 0 : static_cast<double>(ticks.user) / static_cast<double>(all);
}

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

}  // namespace

CpuClocks::CpuClocks(const std::vector<pid_t>& pids) : pids_(pids) {
  for (const pid_t pid : pids) {
    clockid_t clock{};
    if (const int error = ::clock_getcpuclockid(pid, &clock); error != 0)
      throw std::system_error(error, std::generic_category(), "the clock of a server's process");
    clocks_.push_back(clock);
  }
}

std::chrono::nanoseconds CpuClocks::read() const {
  std::chrono::nanoseconds sum{};
  for (const clockid_t clock : clocks_) sum += read_clock(clock);
  return sum;
}

CpuClocks::Ticks CpuClocks::read_ticks() const {
  constexpr int kUser = 14;  // proc(5) counts the fields from 1; the name before the third is in ()
  Ticks sum;
  for (const pid_t pid : pids_) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    file.ignore(std::numeric_limits<std::streamsize>::max(), ')');
    std::string skipped;
    for (int field = 3; field < kUser; ++field) file >> skipped;
    Ticks ticks;
    file >> ticks.user >> ticks.system;
    sum.user += ticks.user;
    sum.system += ticks.system;
  }
  return sum;
}

Measurement::Measurement(const Options& options)
    : server_(options.pids),
      length_(from_seconds(options.seconds)),
      warm_at_(Clock::now() + from_seconds(options.warmup_s)) {
  latencies_.reserve(1 << 20);
}

void Measurement::start(Clock::time_point now) {
  is_measuring_ = true;
  begin_ = now;
  server_cpu_ = server_.read();
  server_ticks_ = server_.read_ticks();
  client_cpu_ = read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

bool Measurement::go_on(Clock::time_point now) {
  if (!is_measuring_) {
    if (now >= warm_at_) start(now);
    return true;
  }
  if (now - begin_ < length_) return true;
  is_measuring_ = false;
  end_ = now;
  server_cpu_ = server_.read() - server_cpu_;
  const CpuClocks::Ticks ticks = server_.read_ticks();
  server_ticks_ = {ticks.user - server_ticks_.user, ticks.system - server_ticks_.system};
  client_cpu_ = read_clock(CLOCK_PROCESS_CPUTIME_ID) - client_cpu_;
  return false;
}

nlohmann::json Measurement::report() {
  if (latencies_.empty()) return {{"error", "nothing was done in the time measured"}};
  std::sort(latencies_.begin(), latencies_.end());
  const auto count = static_cast<double>(latencies_.size());
  const double seconds = std::chrono::duration<double>(end_ - begin_).count();
  return {{"operations", latencies_.size()},
          {"seconds", seconds},
          {"rate", count / seconds},
          {"server_cpu_ns", static_cast<double>(server_cpu_.count()) / count},
          {"server_user_share", share(server_ticks_)},
          {"client_cpu_ns", static_cast<double>(client_cpu_.count()) / count},
          {"latency_us",
           {{"p50", microseconds(percentile(latencies_, 0.5))},
            {"p95", microseconds(percentile(latencies_, 0.95))},
            {"p99", microseconds(percentile(latencies_, 0.99))},
            {"p99.9", microseconds(percentile(latencies_, 0.999))},
            {"max", microseconds(latencies_.back())}}}};
}

}  // namespace load

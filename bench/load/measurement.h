#pragma once

#include <chrono>
#include <cstdint>
#include <sys/types.h>
#include <vector>

#include <nlohmann/json.hpp>

/// Measures operations in a period, how long each took, and the server's CPU time for them.
namespace load {

using Clock = std::chrono::steady_clock;

/// The CPU time of processes, with all their threads, including ended ones. It is the value that
/// /proc/PID/stat has in ticks of 10 ms, in nanoseconds.
class CpuClocks {
 public:
  /// Throws std::system_error if there is no such process.
  explicit CpuClocks(const std::vector<pid_t>& pids);
  [[nodiscard]] std::chrono::nanoseconds read() const;

  /// CPU time in the kernel's ticks, which samples the running process: good for a share over a
  /// second or more.
  struct Ticks {
    long user = 0;
    long system = 0;
  };
  [[nodiscard]] Ticks read_ticks() const;

 private:
  std::vector<pid_t> pids_;
  std::vector<clockid_t> clocks_;
};

/// Counts operations from the end of the warm-up to the end of the measured time. Both clocks are
/// read at these two moments.
class Measurement {
 public:
  struct Options {
    double warmup_s = 0.2;
    double seconds = 1;
    std::vector<pid_t> pids{};
  };

  explicit Measurement(const Options& options);

  /// Called with the time at each turn of the loop. Returns false once the time has passed.
  bool go_on(Clock::time_point now);
  /// Records an operation that began at `begin` and has ended now.
  void record(Clock::time_point begin, Clock::time_point now) {
    if (is_measuring_) latencies_.push_back(now - begin);
  }

  /// Returns `operations`, `seconds`, `rate`, `server_cpu_ns` and `client_cpu_ns` of an operation,
  /// `server_user_share` of that CPU time, `latency_us` with p50, p99, p99.9 and max.
  [[nodiscard]] nlohmann::json report();

 private:
  void start(Clock::time_point now);

  CpuClocks server_;
  Clock::duration length_;
  Clock::time_point warm_at_;
  Clock::time_point begin_{};
  Clock::time_point end_{};
  std::chrono::nanoseconds server_cpu_{};
  CpuClocks::Ticks server_ticks_{};
  std::chrono::nanoseconds client_cpu_{};
  std::vector<Clock::duration> latencies_;
  bool is_measuring_ = false;
};

/// Returns the p-th of `sorted` values, 0 < p <= 1: the smallest that at least this share does not
/// exceed. Requires: not empty.
template <class T>
const T& percentile(const std::vector<T>& sorted, double p) {
  const double rank = p * static_cast<double>(sorted.size());
  auto index = static_cast<std::size_t>(rank);
  if (static_cast<double>(index) == rank && index > 0) --index;
  return sorted[index < sorted.size() ? index : sorted.size() - 1];
}

}  // namespace load

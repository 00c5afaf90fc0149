#pragma once

#include <chrono>
#include <cstdint>
#include <sys/types.h>
#include <vector>

#include <nlohmann/json.hpp>

/// What was done in the time measured, how long each operation took, and what CPU time the server
/// has spent on it.
namespace load {

using Clock = std::chrono::steady_clock;

/// The CPU time of processes, with all their threads, past ones too. It is what /proc/PID/stat
/// counts in ticks of 10 ms, in nanoseconds.
class CpuClocks {
 public:
  /// Throws std::system_error where there is no such process.
  explicit CpuClocks(const std::vector<pid_t>& pids);
  [[nodiscard]] std::chrono::nanoseconds read() const;

  /// Of the same, in the kernel's ticks, which it takes where it finds the processes: a sample,
  /// good for a share over a second or more.
  struct Ticks {
    long user = 0;
    long system = 0;
  };
  [[nodiscard]] Ticks read_ticks() const;

 private:
  std::vector<pid_t> pids_;
  std::vector<clockid_t> clocks_;
};

/// Operations count from the end of the warm-up to the end of the time measured. Both clocks are
/// read at these two moments.
class Measurement {
 public:
  struct Options {
    double warmup_s = 0.2;
    double seconds = 1;
    std::vector<pid_t> pids{};
  };

  explicit Measurement(const Options& options);

  /// To be called with the time at each turn of the loop. Returns false once the time is over.
  bool go_on(Clock::time_point now);
  /// An operation that was begun then has ended now.
  void record(Clock::time_point begin, Clock::time_point now) {
    if (is_measuring_) latencies_.push_back(now - begin);
  }

  /// `operations`, `seconds`, `rate`, `server_cpu_ns` and `client_cpu_ns` of an operation,
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

/// The p-th of `sorted` values, 0 < p <= 1: the smallest that at least this share does not exceed.
/// Requires: not empty.
template <class T>
const T& percentile(const std::vector<T>& sorted, double p) {
  const double rank = p * static_cast<double>(sorted.size());
  auto index = static_cast<std::size_t>(rank);
  if (static_cast<double>(index) == rank && index > 0) --index;
  return sorted[index < sorted.size() ? index : sorted.size() - 1];
}

}  // namespace load

#pragma once

#include <chrono>
#include <ctime>
#include <map>
#include <string>

/// The costs of the runtime's steps, in nanoseconds an operation, without a server or a network.
namespace micro {

using Figures = std::map<std::string, double>;

/// Returns the CPU time that the process has used so far, which other processes do not affect.
inline std::chrono::nanoseconds cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Times `f(rounds)`, after a warm-up of a tenth of it.
template <class F>
double nanoseconds_each(int rounds, F&& f) {
  f(rounds / 10);
  const auto before = cpu_time();
  f(rounds);
  const std::chrono::duration<double, std::nano> taken = cpu_time() - before;
  return taken.count() / rounds;
}

[[nodiscard]] Figures measure_async(int rounds);   // async.cc
[[nodiscard]] Figures measure_routes(int rounds);  // routes.cc

}  // namespace micro

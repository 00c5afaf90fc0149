#pragma once

#include <chrono>
#include <map>
#include <string>

/// What the runtime's own steps cost, in nanoseconds an operation, without a server or a network.
namespace micro {

using Figures = std::map<std::string, double>;

/// Times `f(rounds)`, after a tenth of it to get warm.
template <class F>
double nanoseconds_each(int rounds, F&& f) {
  f(rounds / 10);
  const auto before = std::chrono::steady_clock::now();
  f(rounds);
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - before;
  return taken.count() / rounds;
}

[[nodiscard]] Figures measure_async(int rounds);   // async.cc
[[nodiscard]] Figures measure_routes(int rounds);  // routes.cc

}  // namespace micro

// What the runtime's own steps cost, in nanoseconds per operation. Needs runtime/async and
// runtime/base only: no server, no network.
#include <chrono>
#include <cstdio>

#include <aiopyr/runtime/async/ev_loop.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/sleep.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/async/spawn_fiber.h>
#include <aiopyr/runtime/async/synchronize.h>

using namespace aiopyr;

namespace {

constexpr int kRounds = 2'000'000;

Task<int> ready(int value) { co_return value; }

template <class F>
void measure(const char* name, int rounds, F&& f) {
  const auto before = Clock::now();
  f(rounds);
  const std::chrono::duration<double, std::nano> taken = Clock::now() - before;
  std::printf("%-48s %8.1f ns\n", name, taken.count() / rounds);
}

void switches(int rounds) {
  run_until_complete(spawn_fiber([rounds] {
    for (int i = 0; i < rounds; ++i) Fiber::call_in_root([](void*) {}, nullptr);
  }));
}

void synchronized_calls(int rounds) {
  run_until_complete(spawn_fiber([rounds] {
    for (int i = 0; i < rounds; ++i) synchronize(ready)(i);
  }));
}

Task<> awaits(int rounds) {
  for (int i = 0; i < rounds; ++i) static_cast<void>(co_await ready(i));
}

Task<> turns(int rounds) {
  for (int i = 0; i < rounds; ++i) co_await sleep(0);
}

Task<> fibers(int rounds) {
  for (int i = 0; i < rounds; ++i) co_await spawn_fiber([] {});
}

}  // namespace

int main() {
  EvLoop loop;
  measure("a switch of fibers, there and back", kRounds, switches);
  measure("synchronize of a ready task", kRounds, synchronized_calls);
  measure("an await of a ready task", kRounds, [](int n) { run_until_complete(awaits(n)); });
  measure("a new fiber, from the pool", kRounds / 10, [](int n) { run_until_complete(fibers(n)); });
  measure("a turn of the loop", kRounds / 10, [](int n) { run_until_complete(turns(n)); });
}

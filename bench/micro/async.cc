// Fibers, tasks, and the bridge between them.
#include "figures.h"
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace micro {

using namespace aiopyr;

namespace {

Task<int> ready(int value) { co_return value; }

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

Figures measure_async(int rounds) {
  EvLoop loop;
  const int fewer = rounds / 10;
  return {
      {"fiber switch, there and back", nanoseconds_each(rounds, switches)},
      {"synchronize of a ready task", nanoseconds_each(rounds, synchronized_calls)},
      {"await of a ready task",
       nanoseconds_each(rounds, [](int n) { run_until_complete(awaits(n)); })},
      {"new fiber from the pool",
       nanoseconds_each(fewer, [](int n) { run_until_complete(fibers(n)); })},
      {"turn of the loop", nanoseconds_each(fewer, [](int n) { run_until_complete(turns(n)); })},
  };
}

}  // namespace micro

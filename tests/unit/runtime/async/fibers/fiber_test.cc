#include <csignal>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;

namespace {

std::string current_message() {
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// Parks until the next turn, so that other fibers run meanwhile.
void leave_for_a_turn() {
  Fiber& fiber = *Fiber::current();
  bool woken = false;
  fiber.loop().call_soon([&] {
    woken = true;
    fiber.unpark();
  });
  while (!woken) Fiber::park();
}

/// Catches an exception, parks inside the catch, and checks that the exception is still the same.
void park_in_catch(const std::string& name, std::vector<std::string>& seen) {
  try {
    try {
      throw std::runtime_error(name);
    } catch (...) {
      for (int i = 0; i < 3; ++i) {
        leave_for_a_turn();
        seen.push_back(current_message());
      }
      throw;
    }
  } catch (const std::runtime_error& error) {
    seen.push_back("again " + std::string(error.what()));
  }
}

struct ParksInDestructor {
  explicit ParksInDestructor(std::vector<int>& seen) : counts(seen) {}
  ~ParksInDestructor() {
    counts.push_back(std::uncaught_exceptions());
    leave_for_a_turn();
    counts.push_back(std::uncaught_exceptions());
  }
  std::vector<int>& counts;
};

[[gnu::noinline]] int recurse(int depth) {
  volatile char frame[1024];
  frame[0] = static_cast<char>(depth);
  if (depth == 0) return frame[0];
  return recurse(depth - 1) + frame[0];
}

/// Returns a fiber body that waits for ever and records how that ended.
auto wait_for_ever(std::string& end) {
  return [&end] {
    try {
      for (;;) Fiber::park();
    } catch (const CancelledError&) {
      end = "cancelled";
    }
  };
}

class CountingObserver final : public FiberObserver {
 public:
  void on_enter() noexcept override { ++entered; }
  void on_leave() noexcept override { ++left; }
  int entered = 0;
  int left = 0;
};

}  // namespace

TEST_CASE("a fiber runs at once until it parks, and again when it is woken") {
  TestLoop loop;
  std::string trace;
  Fiber& fiber = Fiber::start(loop, [&] {
    trace += "a";
    Fiber::park();
    trace += "b";
  });
  trace += "-";
  fiber.unpark();
  CHECK(trace == "a-");
  loop.run_once(false);
  CHECK(trace == "a-b");
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a wake-up that comes before the park is not lost") {
  TestLoop loop;
  bool went_on = false;
  Fiber::start(loop, [&] {
    Fiber::current()->unpark();
    Fiber::park();
    went_on = true;
  });
  CHECK(went_on);
}

TEST_CASE("the loop knows which fiber waits for what runs in the root context") {
  TestLoop loop;
  std::vector<const Fiber*> seen;
  const Fiber* fiber = nullptr;
  const auto look = [](void* places) {
    const Loop& here = *Loop::current();
    auto& found = *static_cast<std::vector<const Fiber*>*>(places);
    found.push_back(here.current_fiber());
    found.push_back(here.fiber_in_root());
  };
  loop.call_soon([&] {
    look(&seen);
    Fiber::start(loop, [&] {
      fiber = Fiber::current();
      look(&seen);
      Fiber::call_in_root(look, &seen);
    });
    look(&seen);
  });
  loop.run_once(false);
  CHECK(seen == std::vector<const Fiber*>{nullptr, nullptr, fiber, nullptr, nullptr, fiber, nullptr,
                                          nullptr});
}

TEST_CASE("the context says where code runs") {
  TestLoop loop;
  CHECK(current_context() == Context::kLoop);
  Context inside = Context::kLoop;
  Context in_root_call = Context::kFiber;
  Fiber::start(loop, [&] {
    inside = current_context();
    Fiber::call_in_root([](void* seen) { *static_cast<Context*>(seen) = current_context(); },
                        &in_root_call);
  });
  CHECK(inside == Context::kFiber);
  CHECK(in_root_call == Context::kLoop);
}

TEST_CASE("a fiber that parks inside a catch finds its own exception afterwards") {
  TestLoop loop;
  std::vector<std::string> one;
  std::vector<std::string> two;
  Fiber::start(loop, [&] { park_in_catch("one", one); });
  Fiber::start(loop, [&] { park_in_catch("two", two); });
  try {
    throw std::logic_error("root");
  } catch (...) {
    take_turns(loop, 10);
    CHECK(current_message() == "root");
  }
  CHECK(one == std::vector<std::string>{"one", "one", "one", "again one"});
  CHECK(two == std::vector<std::string>{"two", "two", "two", "again two"});
  CHECK(std::current_exception() == nullptr);
}

TEST_CASE("two fibers parked in a catch may leave it in either order") {
  TestLoop loop;
  std::string trace;
  const auto body = [&trace](const char* name) {
    return [&trace, name] {
      try {
        throw std::runtime_error(name);
      } catch (const std::runtime_error& error) {
        Fiber::park();
        trace += error.what();
      }
      trace += std::current_exception() == nullptr ? "." : "!";
    };
  };
  Fiber& first = Fiber::start(loop, body("first"));
  Fiber& second = Fiber::start(loop, body("second"));
  first.unpark();
  loop.run_once(false);
  second.unpark();
  loop.run_once(false);
  CHECK(trace == "first.second.");
}

TEST_CASE("a destructor that parks while its fiber unwinds keeps the count of exceptions") {
  TestLoop loop;
  std::vector<int> one;
  std::vector<int> two;
  const auto body = [](std::vector<int>& counts) {
    return [&counts] {
      try {
        const ParksInDestructor parks(counts);
        throw std::runtime_error("unwind");
      } catch (const std::runtime_error&) {
        counts.push_back(std::uncaught_exceptions());
      }
    };
  };
  Fiber::start(loop, body(one));
  Fiber::start(loop, body(two));
  CHECK(std::uncaught_exceptions() == 0);
  take_turns(loop, 5);
  CHECK(one == std::vector{1, 1, 0});
  CHECK(two == std::vector{1, 1, 0});
}

TEST_CASE("cancelling a parked fiber unwinds it at once") {
  TestLoop loop;
  std::string end;
  Fiber& fiber = Fiber::start(loop, wait_for_ever(end));
  fiber.cancel();
  CHECK(end == "cancelled");
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("cancel_soon unwinds a fiber in the next turn") {
  TestLoop loop;
  std::string end;
  Fiber& fiber = Fiber::start(loop, wait_for_ever(end));
  fiber.cancel_soon();
  CHECK(end.empty());
  loop.run_once(false);
  CHECK(end == "cancelled");
}

TEST_CASE("a fiber that is cancelled when it was woken already is resumed once") {
  TestLoop loop;
  std::string end;
  Fiber& fiber = Fiber::start(loop, wait_for_ever(end));
  fiber.unpark();
  fiber.cancel();
  CHECK(end == "cancelled");
  take_turns(loop);
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a fiber that cancels itself throws at its next park, and at each later one") {
  TestLoop loop;
  int thrown = 0;
  Fiber::start(loop, [&] {
    Fiber::current()->cancel();
    for (int i = 0; i < 2; ++i) {
      try {
        Fiber::park();
      } catch (const CancelledError&) {
        ++thrown;
      }
    }
  });
  CHECK(thrown == 2);
}

TEST_CASE("a cancellation that is taken back ends no later wait") {
  TestLoop loop;
  std::string end;
  Fiber& fiber = Fiber::start(loop, [&] {
    try {
      Fiber::park();
    } catch (const CancelledError&) {
      Fiber::current()->uncancel();
    }
    CHECK_FALSE(Fiber::current()->is_cancelled());
    end = "waits again";
    Fiber::park();
    end = "woken";
  });
  fiber.cancel();
  CHECK(end == "waits again");
  fiber.unpark();
  loop.run_once(false);
  CHECK(end == "woken");
}

TEST_CASE("a fiber cancelled by another unwinds in the next turn") {
  TestLoop loop;
  std::string end;
  Fiber& fiber = Fiber::start(loop, wait_for_ever(end));
  Fiber::start(loop, [&] { fiber.cancel(); });
  CHECK(end.empty());
  loop.run_once(false);
  CHECK(end == "cancelled");
}

TEST_CASE("a fiber cancelled during its call in the root context goes on there first") {
  TestLoop loop;
  std::string trace;
  struct Call {
    Fiber* fiber;
    std::string* trace;
  };
  Fiber::start(loop, [&] {
    Call call{Fiber::current(), &trace};
    Fiber::call_in_root(
        [](void* argument) {
          auto& c = *static_cast<Call*>(argument);
          c.fiber->cancel();
          *c.trace += "root ";
        },
        &call);
    trace += "fiber ";
    if (!Fiber::park_nothrow()) trace += "cancelled";
  });
  CHECK(trace == "root fiber cancelled");
}

TEST_CASE("a shielded park outlasts cancellation") {
  TestLoop loop;
  bool ready = false;
  bool cancelled = false;
  Fiber& fiber = Fiber::start(loop, [&] {
    while (!ready) Fiber::park_shielded();
    cancelled = Fiber::current()->is_cancelled();
  });
  fiber.cancel();
  CHECK(loop.fibers().in_use() == 1);
  ready = true;
  fiber.unpark();
  loop.run_once(false);
  CHECK(cancelled);
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a used fiber is as good as new: no cancellation and no wake-up is left") {
  TestLoop loop;
  Fiber& first = Fiber::start(loop, [] {
    Fiber::current()->cancel();
    Fiber::current()->unpark();
  });
  bool parked = false;
  Fiber& second = Fiber::start(loop, [&] {
    Fiber::park();
    parked = true;
  });
  CHECK(&first == &second);
  CHECK(!parked);
  second.unpark();
  take_turns(loop);
  CHECK(parked);
}

TEST_CASE("a stale wake-up of an ended fiber does nothing") {
  TestLoop loop;
  Fiber& fiber = Fiber::start(loop, [] {});
  fiber.unpark();
  fiber.cancel();
  take_turns(loop);
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("fibers beyond the pool's capacity are destroyed when they end") {
  TestLoop loop;
  loop.fibers().set_capacity(1);
  std::vector<Fiber*> fibers;
  for (int i = 0; i < 4; ++i) fibers.push_back(&Fiber::start(loop, [] { Fiber::park(); }));
  for (Fiber* fiber : fibers) fiber->unpark();
  take_turns(loop);
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("the end of a loop unwinds its fibers, and those that they start") {
  std::string end;
  {
    TestLoop loop;
    loop.fibers().set_capacity(0);
    for (int i = 0; i < 3; ++i) {
      Fiber::start(loop, [&] {
        try {
          Fiber::park();
        } catch (const CancelledError&) {
          end += "x";
        }
      });
    }
  }
  CHECK(end == "xxx");
}

TEST_CASE("an observer sees each time on the fiber, and none after its end") {
  TestLoop loop;
  {
    CountingObserver observer;
    Fiber& fiber = Fiber::start(
        loop, [] { Fiber::park(); }, &observer);
    CHECK(observer.entered == 1);
    CHECK(observer.left == 1);
    fiber.unpark();
    take_turns(loop);
    CHECK(observer.entered == 2);
    CHECK(observer.left == 2);
  }
  Fiber::start(loop, [] {});
}

TEST_CASE("parking outside of a fiber says so") {
  TestLoop loop;
  CHECK_THROWS_AS(Fiber::park(), ScopeError);
}

TEST_CASE("a fiber is not started from a fiber") {
  TestLoop loop;
  bool refused = false;
  Fiber::start(loop, [&] {
    try {
      Fiber::start(loop, [] {});
    } catch (const ScopeError&) {
      refused = true;
    }
  });
  CHECK(refused);
}

TEST_CASE("a stack overflow in a fiber hits the guard pages") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Ends the child without reports of a sanitizer or of Catch: only by the signal.
    ::close(STDERR_FILENO);
    struct sigaction action {};
    static char handler_stack[64 * 1024];
    const stack_t alternative{handler_stack, 0, sizeof handler_stack};
    ::sigaltstack(&alternative, nullptr);
    action.sa_handler = [](int) { ::_exit(42); };
    action.sa_flags = SA_ONSTACK;
    ::sigaction(SIGSEGV, &action, nullptr);
    TestLoop loop;
    Fiber::start(loop, [] { ::_exit(recurse(1 << 20) == 0 ? 1 : 0); });
    ::_exit(2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

// Coroutines called from framework code: synchronize() makes plain functions of them, which park
// the request's fiber while the loop serves others.
#include <chrono>

#include "features.h"

namespace features {

using namespace aiopyr;
using namespace std::chrono_literals;

namespace synchronizing {

Task<int> slowly(int number) {
  co_await sleep(50ms);
  co_return number;
}

const auto get_number = synchronize(slowly);

// FiberMapper: a plain view that only calls synchronized functions needs no thread.
std::string on_fiber(Request& request) {
  return std::to_string(get_number(request.params().get<int>("n")));
}

// A member: the synchronized function takes the object first.
class Counter {
 public:
  Task<int> add(int number) {
    co_await sleep(10ms);
    co_return total_ += number;
  }

 private:
  int total_ = 0;
};

std::string with_member(Request& request) {
  const auto add = synchronize(&Counter::add);
  Counter counter;
  add(&counter, request.params().get<int>("n"));
  return std::to_string(add(&counter, 1));
}

// Shows that a coroutine cannot park: the call is refused, and the message says what to do.
Task<std::string> scope_error(Request&) {
  try {
    get_number(1);
  } catch (const ScopeError& error) {
    co_return error.what();
  }
  co_return "no error";
}

// Not strict, so the same function serves both: a Deferred is a value in framework code, and an
// awaitable in a coroutine.
const auto get_anywhere = synchronize(slowly, non_strict);

Task<std::string> deferred_in_coroutine(Request& request) {
  co_return std::to_string(co_await get_anywhere(request.params().get<int>("n")));
}

std::string deferred_on_fiber(Request& request) {
  const int number = get_anywhere(request.params().get<int>("n")).get();
  return std::to_string(number);
}

}  // namespace synchronizing

using namespace synchronizing;

void include_synchronize(Configurator& config) {
  config.add_route("synchronize", "/synchronize");
  config.add_view(on_fiber,
                  {.route_name = "synchronize", .renderer = "string", .mapper = FiberMapper{}});
  config.add_route("synchronize-member", "/synchronize-member");
  config.add_view(
      with_member,
      {.route_name = "synchronize-member", .renderer = "string", .mapper = FiberMapper{}});
  config.add_route("scope-error", "/scope-error");
  config.add_view(scope_error, {.route_name = "scope-error", .renderer = "string"});
  config.add_route("deferred-coroutine", "/deferred/coroutine");
  config.add_view(deferred_in_coroutine,
                  {.route_name = "deferred-coroutine", .renderer = "string"});
  config.add_route("deferred-fiber", "/deferred/fiber");
  config.add_view(deferred_on_fiber,
                  {.route_name = "deferred-fiber", .renderer = "string", .mapper = FiberMapper{}});
}

}  // namespace features

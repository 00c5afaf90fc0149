// Aiopyramid's own tests of tweens (tests/test_tweens.py), under their names.
#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/registry/tweens.h>

using namespace aiopyr;

namespace {

Task<int> async_action() {
  co_await sleep(0.2);
  co_return 12;
}

/// Waits for a coroutine, and answers in place of the handlers below it.
Handler async_tween_factory(Handler, Registry&) {
  return [](Request&) { return Response(std::to_string(synchronize(async_action)())); };
}

Handler dummy_tween_factory(Handler next, Registry&) { return next; }

/// Returns the answer of the tweens, in order of addition, above an app that answers `app`.
std::string answer_of(const std::vector<TweenFactory>& factories) {
  TestApp app;
  int number = 0;
  for (const TweenFactory& factory : factories) {
    app.config.add_tween_factory(factory, {.name = "tween" + std::to_string(++number)});
  }
  app.config.add_view([](Request&) { return Response("app"); });
  return app.get("/").body();
}

}  // namespace

TEST_CASE("tweens: async_tween") { CHECK(answer_of({async_tween_factory}) == "12"); }

TEST_CASE("tweens: example_tween") {
  std::vector<std::string> lines;
  const auto print = synchronize([&lines](std::string line) -> Task<> {
    co_await sleep(0.1);
    lines.push_back(std::move(line));
  });
  const auto logger = [print](Handler next, Registry&) -> Handler {
    return [print, next](Request& request) {
      print(std::string(request.method()) + " " + request.path());
      Response response = next(request);
      print(response.status());
      return response;
    };
  };
  CHECK(answer_of({logger}) == "app");
  CHECK(lines == std::vector<std::string>{"GET /", "200 OK"});
}

TEST_CASE("tweens: sync_tween_above") {
  CHECK(answer_of({async_tween_factory, dummy_tween_factory}) == "12");
}

TEST_CASE("tweens: sync_tween_below") {
  CHECK(answer_of({dummy_tween_factory, async_tween_factory}) == "12");
}

TEST_CASE("tweens: sync_both") {
  CHECK(answer_of({dummy_tween_factory, async_tween_factory, dummy_tween_factory}) == "12");
}

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/testing.h>
#include <aiopyr/web.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> hook_events;

struct HookedCache {
  int value = 7;
  Task<> close() {
    hook_events.push_back("close");
    co_return;
  }
  ~HookedCache() { hook_events.push_back("destroy"); }
};

Task<Json> cached(Request& request) {
  co_await sleep(1ms);
  co_return Json{{"value", request.registry().get<HookedCache>().value}};
}

Task<> start_slowly(Registry& registry) {
  co_await sleep(3600s);
  registry.emplace<HookedCache>();
  hook_events.push_back("start");
}

void hooked_app(Configurator& config) {
  config.add_route("cached", "/");
  config.add_view(cached, {.route_name = "cached", .renderer = "json"});
  config.on_worker_start(start_slowly);
  config.on_worker_start([](Registry&) { hook_events.push_back("second start"); });
  config.on_worker_stop([](Registry&) { hook_events.push_back("stop"); });
  config.on_worker_stop([](Registry&) -> Task<> {
    co_await sleep(1ms);
    hook_events.push_back("last stop first");
  });
}

}  // namespace

TEST_CASE("start hooks run before the first request, stop hooks after the last one") {
  hook_events.clear();
  {
    aiopyr::testing::TestClient client(hooked_app);
    CHECK(hook_events == std::vector<std::string>{"start", "second start"});
    CHECK(client.get("/").json().at("value") == 7);
    hook_events.clear();
  }
  CHECK(hook_events == std::vector<std::string>{"last stop first", "stop", "close", "destroy"});
}

TEST_CASE("a start hook that throws keeps the app from starting") {
  const auto make = [] {
    aiopyr::testing::TestClient client([](Configurator& config) {
      config.on_worker_start([](Registry&) -> Task<> {
        co_await sleep(1ms);
        throw Error("no database");
      });
    });
  };
  CHECK_THROWS_WITH(make(), "no database");
}

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/views/view_derivers.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

/// Puts `mark` around the bodies of all views.
auto marking(const std::string& mark) {
  return [mark](ViewFunction view, const ViewDeriverInfo&) -> ViewFunction {
    return [mark, view](Resource* context, Request& request) {
      Response response = view(context, request);
      response.set_body(mark + response.take_body());
      return response;
    };
  };
}

using Names = std::vector<std::string>;

/// Returns the order of the derivers of an app that adds these.
Names names_of(std::vector<ViewDeriverOptions> derivers) {
  ViewDerivers all;
  for (auto& options : derivers) {
    all.add(std::move(options), [](ViewFunction view, const ViewDeriverInfo&) { return view; });
  }
  return all.names();
}

struct DerivingApp : TestApp {
  DerivingApp() {
    config.set_view_mapper(FiberMapper{});
    config.add_view([](Request&) { return Response("view"); });
  }
};

}  // namespace

TEST_CASE("a deriver wraps all views, those added before it too") {
  DerivingApp app;
  app.config.add_view_deriver(marking("d "), {.name = "d"});
  app.config.add_view([](Request&) { return Response("other"); }, {.name = "other"});
  CHECK(app.get("/").body() == "d view");
  CHECK(app.get("/other").body() == "d other");
}

TEST_CASE("derivers stand where they ask to, and a decorator outside of those that do not ask") {
  DerivingApp app;
  const auto decorator = [](ViewFunction view) -> ViewFunction {
    return [view](Resource* context, Request& request) {
      Response response = view(context, request);
      response.set_body("decorator " + response.take_body());
      return response;
    };
  };
  app.config.add_view([](Request&) { return Response("view"); },
                      {.name = "x", .decorators = {decorator}});
  app.config.add_view_deriver(marking("inner "), {.name = "inner"});
  app.config.add_view_deriver(marking("outer "), {.name = "outer", .over = "decorated_view"});
  app.config.add_view_deriver(marking("middle "), {.name = "middle", .under = "outer"});
  CHECK(app.get("/x").body() == "outer middle decorator inner view");
}

TEST_CASE("of two derivers that ask for nothing the second stands outside of the first") {
  DerivingApp app;
  app.config.add_view_deriver(marking("d0 "), {.name = "d0"});
  app.config.add_view_deriver(marking("d1 "), {.name = "d1"});
  CHECK(app.get("/").body() == "d1 d0 view");
}

TEST_CASE("derivers are sorted as Pyramid sorts them") {
  const Names own{"timed_view",    "secured_view",     "csrf_view",
                  "owrapped_view", "http_cached_view", "decorated_view"};
  const auto with = [&own](const std::string& name, std::size_t at) {
    Names names = own;
    names.insert(names.begin() + static_cast<std::ptrdiff_t>(at), name);
    return names;
  };
  CHECK(names_of({}) == own);
  CHECK(names_of({{.name = "d"}}) == with("d", 6));
  CHECK(names_of({{.name = "d", .over = "VIEW"}}) == with("d", 6));
  CHECK(names_of({{.name = "d", .under = "INGRESS"}}) == with("d", 1));
  CHECK(names_of({{.name = "d", .under = "csrf_view"}}) == with("d", 3));
  CHECK(names_of({{.name = "d", .over = {"nobody", "rendered_view"}, .under = "csrf_view"}}) ==
        with("d", 3));
  // Places that Pyramid does not have, or has no order for.
  CHECK(names_of({{.name = "d", .over = "timed_view"}}) == with("d", 0));
  CHECK(names_of({{.name = "d", .under = "timed_view"}}) == with("d", 1));
  CHECK(names_of({{.name = "d", .over = "secured_view"}}) == with("d", 1));
  // Pyramid puts q between rendered_view and mapped_view.
  CHECK(names_of({{.name = "q", .over = "VIEW", .under = "p"},
                  {.name = "p", .over = "decorated_view", .under = "http_cached_view"}}) ==
        Names{"timed_view", "secured_view", "csrf_view", "owrapped_view", "http_cached_view", "p",
              "decorated_view", "q"});
}

TEST_CASE("a deriver that says only what it is over stands right above the outermost of them") {
  using Place = std::pair<StringList, std::size_t>;
  const Names own = names_of({});
  for (const auto& [over, at] :
       {Place{"secured_view", 1}, Place{"csrf_view", 2}, Place{"owrapped_view", 3},
        Place{"http_cached_view", 4}, Place{"decorated_view", 5}, Place{"rendered_view", 6},
        Place{"VIEW", 6}, Place{{"decorated_view", "csrf_view"}, 2}, Place{"timed_view", 0}}) {
    Names wanted = own;
    wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(at), "d");
    CHECK(names_of({{.name = "d", .over = over}}) == wanted);
  }
}

TEST_CASE("a deriver that is over csrf_view leaves the others behind permissions") {
  const Names own = names_of({});
  const auto is_behind_permissions = [](const Names& names, const std::string& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at != names.end() && std::find(names.begin(), at, "secured_view") != at;
  };
  for (const std::string outermost : {"timed_view", "secured_view", "csrf_view", "owrapped_view",
                                      "http_cached_view", "decorated_view"}) {
    CAPTURE(outermost);
    for (const StringList& over : {StringList(), StringList("rendered_view"), StringList("VIEW"),
                                   StringList("decorated_view"), StringList("csrf_view")}) {
      const Names names = names_of({{.name = "early", .over = outermost},
                                    {.name = "other", .over = over},
                                    {.name = "late", .under = "early"}});
      CHECK(is_behind_permissions(names, "other"));
      CHECK(is_behind_permissions(names, "late"));
    }
  }
}

TEST_CASE("only one that asks for it stands before permissions, if by way of another") {
  const Names by_another =
      names_of({{.name = "d", .over = "early"}, {.name = "early", .over = "secured_view"}});
  CHECK(Names(by_another.begin(), by_another.begin() + 4) ==
        Names{"timed_view", "d", "early", "secured_view"});
  // A deriver that pulls another one there, which has not asked for it, has no place.
  CHECK_THROWS_AS(
      names_of({{.name = "d"}, {.name = "early", .over = "secured_view", .under = "d"}}),
      ConfigurationError);
  CHECK_THROWS_AS(names_of({{.name = "x", .over = "csrf_view"},
                            {.name = "d", .over = "rendered_view"},
                            {.name = "early", .over = "secured_view", .under = "d"}}),
                  ConfigurationError);
}

TEST_CASE("the first decorator is the outermost") {
  DerivingApp app;
  const auto decorator = [](std::string mark) -> ViewDecorator {
    return [mark](ViewFunction view) -> ViewFunction {
      return [mark, view](Resource* context, Request& request) {
        return Response(mark + view(context, request).body());
      };
    };
  };
  app.config.add_view([](Request&) { return Response("view"); },
                      {.name = "x", .decorators = {decorator("1"), decorator("2")}});
  CHECK(app.get("/x").body() == "12view");
}

TEST_CASE("a view's answer may be kept as long as its registration says") {
  using namespace std::chrono_literals;
  DerivingApp app;
  const auto view = [](Request&) { return Response("x"); };
  app.config.add_view(view, {.name = "hour", .http_cache = 1h});
  app.config.add_view(view, {.name = "shared", .http_cache = HttpCache(60s, {.is_public = true})});
  app.config.add_view(view, {.name = "never", .http_cache = 0s});
  CHECK(app.get("/hour").headers().get("Cache-Control", "") == "max-age=3600");
  CHECK(app.get("/hour").headers().contains("Expires"));
  CHECK(app.get("/shared").headers().get("Cache-Control", "") == "max-age=60, public");
  CHECK_THAT(std::string(app.get("/never").headers().get("Cache-Control", "")),
             Contains("no-store"));
  CHECK_FALSE(app.get("/").headers().contains("Cache-Control"));
}

TEST_CASE("prevent_http_cache leaves caching alone") {
  TestApp app(Settings{{"prevent_http_cache", "yes"}});
  app.config.add_view([](Request&) { return Response("x"); },
                      {.http_cache = std::chrono::seconds(60)});
  CHECK_FALSE(app.get("/").headers().contains("Cache-Control"));
}

TEST_CASE("a deriver is told of the view and its options and may leave it alone") {
  DerivingApp app;
  std::vector<std::string> seen;
  app.config.add_view_deriver(
      [&seen](ViewFunction view, const ViewDeriverInfo& info) {
        seen.push_back(info.options.name + (info.exception_only ? "!" : ""));
        return view;
      },
      {.name = "watcher"});
  app.config.add_exception_view([](Request&) { return Response(); }, {.name = ""});
  app.get("/");
  CHECK(seen == std::vector<std::string>{"", "!"});
}

TEST_CASE("a deriver may not stand where there is no Response yet, or beside nobody") {
  for (const std::string under : {"rendered_view", "mapped_view", "VIEW", "nobody"}) {
    DerivingApp app;
    app.config.add_view_deriver(marking("x"), {.name = "x", .under = under});
    CHECK_THAT(configuration_error_of([&] { app.config.commit(); }), Contains(under));
  }
  DerivingApp app;
  app.config.add_view_deriver(marking("x"), {.name = "x", .over = "INGRESS"});
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }), Contains("INGRESS"));
}

TEST_CASE("two derivers of one name are refused") {
  for (const std::string name :
       {"decorated_view", "rendered_view", "mapped_view", "INGRESS", "VIEW"}) {
    DerivingApp app;
    app.config.add_view_deriver(marking("x"), {.name = name});
    CHECK_THAT(configuration_error_of([&] { app.config.commit(); }), Contains(name));
  }
}

TEST_CASE("a view's request_timeout is told to the server, before its permission is asked for") {
  struct TimedEnviron final : MapEnviron {
    using MapEnviron::MapEnviron;
    void set_timeout(double seconds) override { timeouts.push_back(seconds); }
    std::vector<double> timeouts;
  };
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_view(
      [](Request& request) {
        request.set_timeout(7);
        return Response("x");
      },
      {.name = "timed", .request_timeout = 0.5});
  app.config.add_view([](Request&) { return Response("x"); }, {.name = "any"});
  TimedEnviron timed(MapEnviron::Variables{{"REQUEST_METHOD", "GET"}, {"PATH_INFO", "/timed"}});
  app.send(timed);
  CHECK(timed.timeouts == std::vector<double>{0.5, 7});
  TimedEnviron any(MapEnviron::Variables{{"REQUEST_METHOD", "GET"}, {"PATH_INFO", "/any"}});
  app.send(any);
  CHECK(any.timeouts.empty());
}

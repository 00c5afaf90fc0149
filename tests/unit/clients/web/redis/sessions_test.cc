#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/unit/support/small_redis.h"
#include "tests/unit/support/test_app.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/redis/client.h>
#include <aiopyr/clients/web/redis/sessions.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>
#include <aiopyr/testing.h>

namespace redis_sessions_test {

using namespace aiopyr;
using namespace std::chrono_literals;
using aiopyr::redis::SessionOptions;
using aiopyr::redis::testing::SmallRedis;
using aiopyr::testing::ClientRequest;
using aiopyr::testing::TestClient;
using Catch::Matchers::Contains;

namespace {

Task<Response> count(Request& request) {
  Session& session = request.session();
  const int n = session.get("n", 0) + 1;
  session["n"] = n;
  co_return Response(std::to_string(n));
}

Response show(Request& request) { return Response(request.session().items().dump()); }

Response login(Request& request) {
  redis::renew_session_id(request.session());
  request.session()["user"] = "ada";
  request.session().flash("Welcome");
  throw HTTPSeeOther("/messages");
}

Response logout(Request& request) {
  request.session().invalidate();
  return Response("bye");
}

Response restart(Request& request) {
  request.session().invalidate();
  request.session()["fresh"] = true;
  return Response("again");
}

Response messages(Request& request) { return Response(request.session().pop_flash().dump()); }

Response token(Request& request) { return Response(request.session().get_csrf_token()); }

Response fill(Request& request) {
  request.session()["text"] = std::string(100'000, 'x');
  return Response("full");
}

Response fail(Request& request) {
  request.session()["lost"] = 1;
  throw Error("a view fails");
}

/// Takes a second, and then stores.
Task<Response> slow(Request& request) {
  Session& session = request.session();
  co_await sleep(1s);
  session["slow"] = 1;
  co_return Response("slow");
}

Response plain(Request&) { return Response("plain"); }

/// A loop, a Redis, and a browser of an app with sessions there.
struct Site {
  explicit Site(SessionOptions options = {.secret = "secret"})
      : server(loop), browser(app(server.url(), std::move(options))) {}

  static std::function<void(Configurator&)> app(std::string url, SessionOptions options) {
    return [url, options](Configurator& config) {
      config.on_worker_start([url](Registry& registry) { registry.emplace<redis::Client>(url); });
      config.include(redis::include_sessions(options));
      const auto add = [&config](const std::string& name, auto view, ViewOptions with = {}) {
        config.add_route(name, "/" + name);
        with.route_name = name;
        config.add_view(view, std::move(with));
      };
      add("count", count);
      add("show", show);
      add("login", login);
      add("logout", logout);
      add("restart", restart);
      add("messages", messages);
      add("token", token);
      add("fill", fill);
      add("fail", fail);
      add("slow", slow);
      add("plain", plain);
      add("protected", plain, {.require_csrf = true});
    };
  }

  std::string text(std::string_view url) { return browser.get(url).text(); }
  /// Returns the identifier that the browser has; empty for none.
  std::string id() {
    const auto value = browser.cookies.get("session");
    if (!value) return {};
    return SignedSerializer("secret", "aiopyr.redis.session.").loads(*value).value_or("");
  }
  std::string stored() { return server.value("session:" + id()); }
  void pass(Duration time) {
    run_until_complete([](Duration length) -> Task<> { co_await sleep(length); }(time));
  }

  TestLoop loop;
  SmallRedis server;
  TestClient browser;
};

}  // namespace

TEST_CASE("a session is kept in Redis, and the browser has its identifier only", "[redis]") {
  Site site;
  const auto first = site.browser.get("/count");
  CHECK(first.text() == "1");
  CHECK_THAT(std::string(first.header("Set-Cookie")),
             Contains("; HttpOnly") && Contains("SameSite=Lax"));
  CHECK(site.id().size() == 64);
  CHECK_THAT(site.stored(), Contains(R"("data":{"n":1})"));
  const auto second = site.browser.get("/count");
  CHECK(second.text() == "2");
  CHECK(second.header("Set-Cookie").empty());
  CHECK(site.server.entries.size() == 1);
}

TEST_CASE("a visitor for whom nothing is stored costs nothing", "[redis]") {
  Site site;
  CHECK(site.text("/plain") == "plain");
  CHECK(site.text("/show") == "{}");
  CHECK(site.text("/messages") == "[]");
  CHECK(site.server.log.empty());
  CHECK(site.id().empty());
}

TEST_CASE("a session that has not changed is read and not written", "[redis]") {
  Site site;
  site.text("/count");
  const auto written = site.server.count("SET");
  CHECK(site.text("/show") == R"({"n":1})");
  CHECK(site.text("/messages") == "[]");
  CHECK(site.server.count("SET") == written);
  CHECK(site.server.count("PEXPIRE") == 0);
}

TEST_CASE("use extends a session's time, at most once in renew_after", "[redis]") {
  Site site({.secret = "secret", .timeout = 1200s, .renew_after = 60s});
  site.text("/count");
  for (int minute = 0; minute < 60; ++minute) {
    site.pass(61s);
    CHECK(site.text("/show") == R"({"n":1})");
    CHECK(site.text("/show") == R"({"n":1})");
  }
  CHECK(site.server.count("PEXPIRE") == 60);
  site.pass(1201s);
  CHECK(site.text("/show") == "{}");
}

TEST_CASE("a session that has expired begins anew with another identifier", "[redis]") {
  Site site;
  site.text("/count");
  const std::string before = site.id();
  site.pass(1201s);
  CHECK(site.text("/count") == "1");
  CHECK(site.id() != before);
  CHECK(site.server.find("session:" + before) == nullptr);
}

TEST_CASE("an identifier is taken only if it is signed and known", "[redis]") {
  const std::string chosen(64, 'a');
  const SignedSerializer ours("secret", "aiopyr.redis.session.");
  const SignedSerializer other("another", "aiopyr.redis.session.");
  for (const std::string& cookie :
       {chosen, other.dumps(chosen), ours.dumps(chosen), ours.dumps(chosen) + "A", std::string("x"),
        SignedSerializer("secret", "pyramid.session.").dumps(chosen)}) {
    CAPTURE(cookie);
    Site site;
    if (cookie != ours.dumps(chosen)) {
      site.server.entries["session:" + chosen] = {R"({"created":1,"data":{"n":41}})", {}};
    }
    ClientRequest request;
    request.headers.set("Cookie", "session=" + cookie);
    CHECK(site.browser.get("/count", std::move(request)).text() == "1");
    CHECK_FALSE(site.id().empty());
    CHECK(site.id() != chosen);
  }
}

TEST_CASE("a login gives another identifier, and keeps the data", "[redis]") {
  Site site;
  site.text("/count");
  const std::string before = site.id();
  CHECK(site.browser.get("/login").status_code() == 303);
  CHECK(site.id() != before);
  CHECK(site.server.find("session:" + before) == nullptr);
  CHECK_THAT(site.stored(), Contains(R"("n":1)") && Contains(R"("user":"ada")"));
  CHECK(site.text("/messages") == R"(["Welcome"])");
  CHECK(site.text("/messages") == "[]");
}

TEST_CASE("invalidate() removes the session and its cookie", "[redis]") {
  Site site;
  site.text("/count");
  CHECK(site.text("/logout") == "bye");
  CHECK(site.id().empty());
  CHECK(site.server.entries.empty());
}

TEST_CASE("what is put into an invalidated session gets another identifier", "[redis]") {
  Site site;
  site.text("/count");
  const std::string before = site.id();
  site.text("/restart");
  CHECK(site.id() != before);
  CHECK(site.text("/show") == R"({"fresh":true})");
  CHECK(site.server.entries.size() == 1);
}

TEST_CASE("a request that ends after a logout does not bring the session back", "[redis]") {
  Site site;
  site.text("/count");
  const std::string key = "session:" + site.id();
  auto logging_out = spawn(
      [](Site* the_site, std::string removed) -> Task<> {
        co_await sleep(500ms);
        the_site->server.entries.erase(removed);
      },
      &site, key);
  CHECK(site.text("/slow") == "slow");
  CHECK(logging_out.is_done());
  CHECK(site.server.entries.empty());
}

TEST_CASE("CSRF tokens work with sessions in Redis", "[redis]") {
  Site site;
  CHECK(site.browser.post("/protected").status_code() == 400);
  const std::string token = site.text("/token");
  CHECK(token.size() == 40);
  CHECK(site.text("/token") == token);
  ClientRequest request;
  request.headers.set("X-CSRF-Token", token);
  CHECK(site.browser.post("/protected", std::move(request)).text() == "plain");
}

TEST_CASE("a session that is too long fails its response, and is not stored", "[redis]") {
  Site site;
  site.text("/count");
  CHECK(site.browser.get("/fill").status_code() == 500);
  CHECK(site.text("/show") == R"({"n":1})");
  CHECK_THAT(site.browser.log().back(), Contains("max_bytes"));
}

TEST_CASE("an uncaught exception stores nothing", "[redis]") {
  Site site;
  CHECK(site.browser.get("/fail").status_code() == 500);
  CHECK(site.server.entries.empty());
}

TEST_CASE("what somebody else has written is no session", "[redis]") {
  for (const char* text : {"", "x", "[]", "{}", R"({"created":"x","data":{}})",
                           R"({"created":1,"data":[]})", R"({"created":1)"}) {
    CAPTURE(text);
    Site site;
    site.text("/count");
    site.server.entries["session:" + site.id()].value = text;
    CHECK(site.text("/count") == "1");
  }
}

TEST_CASE("without Redis, a view that needs a session is answered by a 503", "[redis]") {
  Site site;
  site.text("/count");
  site.server.stop();
  const auto refused = site.browser.get("/count");
  CHECK(refused.status_code() == 503);
  CHECK(site.browser.get("/plain").status_code() == 200);
  site.browser.cookies.clear();
  CHECK(site.browser.get("/count").status_code() == 503);
  CHECK(site.browser.get("/show").status_code() == 200);
  CHECK_THAT(site.browser.log().front(), Contains("sessions: redis"));
  site.server.start();
  site.pass(1min);
  CHECK(site.text("/count") == "1");
}

TEST_CASE("a Redis that goes away during a view costs a 503", "[redis]") {
  Site site;
  site.text("/count");
  auto stopping = spawn(
      [](Site* the_site) -> Task<> {
        co_await sleep(500ms);
        the_site->server.stop();
      },
      &site);
  CHECK(site.browser.get("/slow").status_code() == 503);
}

TEST_CASE("an app may go on without Redis, with sessions that are not stored", "[redis]") {
  Site site({.secret = "secret", .requires_redis = false});
  site.text("/count");
  const std::string before = site.id();
  site.server.stop();
  CHECK(site.text("/count") == "1");
  CHECK(site.text("/show") == "{}");
  CHECK(site.id() == before);
  site.server.start();
  site.pass(1min);
  CHECK(site.text("/count") == "2");
}

TEST_CASE("requests that need no session load none", "[redis]") {
  Site site({.secret = "secret",
             .is_needed = [](Request& request) { return request.path_info() != "/show"; }});
  site.text("/count");
  const auto commands = site.server.log.size();
  CHECK(site.browser.get("/show").status_code() == 500);
  CHECK_THAT(site.browser.log().back(), Contains("is_needed"));
  CHECK(site.server.log.size() == commands);
}

TEST_CASE("a cookie with an age is sent again when the session is extended", "[redis]") {
  Site site({.secret = "secret", .max_age = 1200s});
  const auto first = site.browser.get("/count");
  CHECK_THAT(std::string(first.header("Set-Cookie")), Contains("Max-Age=1200"));
  CHECK(site.browser.get("/show").header("Set-Cookie").empty());
  site.pass(61s);
  const auto extended = site.browser.get("/show");
  CHECK_THAT(std::string(extended.header("Set-Cookie")), Contains("Max-Age=1200"));
}

TEST_CASE("a cookie for HTTPS only says so", "[redis]") {
  Site site({.secret = "secret", .secure = true});
  const auto answered = site.browser.get("/count");
  CHECK_THAT(std::string(answered.header("Set-Cookie")), Contains("; secure"));
}

TEST_CASE("a request may be cancelled in each turn, and leaves its session whole", "[redis]") {
  for (int turn = 0; turn < 40; ++turn) {
    CAPTURE(turn);
    TestApp test;
    SmallRedis server(test.loop);
    Site::app(server.url(), {.secret = "secret"})(test.config);
    test.config.registry().emplace<redis::Client>(server.url());
    const std::string id(64, 'a');
    const std::string cookie =
        "session=" + SignedSerializer("secret", "aiopyr.redis.session.").dumps(id);
    server.entries["session:" + id] = {R"({"created":1.0,"data":{"n":7}})", {}};
    const Handler handler = test.handler = test.config.make_app();
    MapEnviron variables({{"PATH_INFO", "/count"}, {"HTTP_COOKIE", cookie}});
    auto cancelled = spawn(spawn_fiber([&] {
      Request request(variables, test.config.registry());
      return handler(request);
    }));
    take_turns(test.loop, turn);
    cancelled.cancel();
    take_turns(test.loop, 20);
    const bool was_counted = server.value("session:" + id).find("8") != std::string::npos;
    const Response next = test.get("/count", {{"HTTP_COOKIE", cookie}});
    CHECK(next.text() == (was_counted ? "9" : "8"));
  }
}

TEST_CASE("options that cannot work are refused", "[redis]") {
  Configurator config;
  CHECK_THROWS_AS(redis::add_sessions(config, {.secret = ""}), ConfigurationError);
  CHECK_THROWS_AS(redis::add_sessions(config, {.secret = "s", .timeout = 0s}), ConfigurationError);
  CHECK_THROWS_AS(redis::add_sessions(config, {.secret = "s", .timeout = 60s, .renew_after = 60s}),
                  ConfigurationError);
  CHECK_THROWS_AS(redis::add_sessions(config, {.secret = "s", .cookie_name = "a b"}), Error);
}

}  // namespace redis_sessions_test

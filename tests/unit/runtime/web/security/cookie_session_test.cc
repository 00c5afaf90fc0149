#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/security/cookie_session.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace cookie_session_test {

using namespace aiopyr;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr double kNow = 1400000000.5;
constexpr const char* kStored = R"([1400000000, 1400000000.5, {"k": "v"}])";

double now = kNow;

SignedCookieSessionOptions options() {
  now = kNow;
  return {.secret = "sosecret", .clock = [] { return now; }};
}

/// A request with this cookie, in an app with such sessions.
struct SessionRequest : AskedRequest {
  SessionRequest(SignedCookieSessionOptions with, const std::string& cookie)
      : AskedRequest({{"HTTP_COOKIE", "session=" + cookie}}) {
    registry.security.session_factory = SignedCookieSessionFactory(std::move(with));
  }
  Session& session() { return request.session(); }
  /// Returns what the response stores, as JSON text; empty if it stores nothing.
  std::string stored() {
    const std::string pair = cookie_pair(answer().headers());
    if (pair.empty()) return {};
    return SignedSerializer("sosecret", "pyramid.session.").loads(pair.substr(8)).value();
  }
};

std::string cookie_of(std::string_view text) {
  return SignedSerializer("sosecret", "pyramid.session.").dumps(text);
}

}  // namespace

TEST_CASE("a signed text is byte for byte the one that WebOb signs") {
  CHECK(cookie_of(kStored) ==
        "g_0yqDp6taSzpOe5IRQtarChMNVzhdXafU7Wrbf96HAv-6EKf6jNgDJfmsxIloiNUYtFStwJ5owX1Ta7xOvBFlsxN"
        "DAwMDAwMDAwLCAxNDAwMDAwMDAwLjUsIHsiayI6ICJ2In1d");
  CHECK(SignedSerializer("s\u00e9cret", "pyramid.session.").dumps(kStored) ==
        "k_Z6Zyxb_4XRODR5Yi8-6fCCrvexpluTBmksiVBBzRBKLAPB5zpH8uLPAfiY0PxoJOOnxuRXjO0TgAvlz1ag_VsxN"
        "DAwMDAwMDAwLCAxNDAwMDAwMDAwLjUsIHsiayI6ICJ2In1d");
  CHECK(SignedSerializer("s\u20accret", "pyramid.session.").dumps(kStored) ==
        "8nCZG_-H2COCsJQvs5wDQMlfFH8PhtF4XvovNNptWttzET4ZKRVtdK4gx2cboBygn9Ws3erKHTMtFuYal_eS4FsxN"
        "DAwMDAwMDAwLCAxNDAwMDAwMDAwLjUsIHsiayI6ICJ2In1d");
}

TEST_CASE("a signed text that was cut, changed or is of another key is none") {
  const SignedSerializer serializer("sosecret", "salt", "sha256");
  const std::string value = serializer.dumps("text");
  CHECK(serializer.loads(value) == "text");
  CHECK(serializer.loads(serializer.dumps("")) == "");
  for (std::size_t i = 0; i < value.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(serializer.loads(value.substr(0, i)));
    std::string changed = value;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(serializer.loads(changed));
  }
  CHECK_FALSE(serializer.loads(value + "="));
  CHECK_FALSE(SignedSerializer("other", "salt", "sha256").loads(value));
  CHECK_FALSE(SignedSerializer("sosecret", "pepper", "sha256").loads(value));
  CHECK_FALSE(SignedSerializer("sosecret", "salt", "sha512").loads(value));
  CHECK_FALSE(serializer.loads(serializer.dumps(std::string(20000, 'x'))));
}

TEST_CASE("a session is what the cookie says") {
  SessionRequest asked(options(), cookie_of(kStored));
  CHECK_FALSE(asked.session().is_new());
  CHECK(asked.session().created() == 1400000000.5);
  CHECK(asked.session().at("k") == "v");
}

TEST_CASE("no cookie, or one that is worth nothing, is a new session") {
  for (const std::string& cookie :
       {std::string(), std::string("x"), std::string("\xff\xfe"), std::string("===="),
        cookie_of(""), cookie_of("{}"), cookie_of("[1,2]"), cookie_of("[1400000000,1,[]]"),
        cookie_of(R"(["a", 1, {}])"), cookie_of("[1e300, 1, {}]"), cookie_of("[\xff"),
        cookie_of("[1400000000, 1, {\"k\": NaN}]"), cookie_of(std::string(3000, '['))}) {
    CAPTURE(cookie);
    SessionRequest asked(options(), cookie);
    CHECK(asked.session().is_new());
    CHECK(asked.session().created() == kNow);
    CHECK(asked.session().empty());
    CHECK(asked.answer().status_code() == 200);
  }
}

TEST_CASE("a session that nobody asks for is not stored") {
  SessionRequest asked(options(), cookie_of(kStored));
  CHECK(asked.stored().empty());
}

TEST_CASE("a session that changes is stored once, with the time and its creation") {
  SessionRequest asked(options(), cookie_of(kStored));
  now = kNow + 3;
  asked.session()["n"] = 1;
  asked.session()["k"] = "\u00e9";
  const Response response = asked.answer();
  REQUIRE(response.headers().getall("Set-Cookie").size() == 1);
  const std::string cookie(response.headers().get("Set-Cookie", ""));
  CHECK_THAT(cookie, Catch::Matchers::EndsWith("; Path=/; SameSite=Lax"));
  const std::string value = cookie.substr(8, cookie.find(';') - 8);
  CHECK(SignedSerializer("sosecret", "pyramid.session.").loads(value) ==
        R"([1400000003,1400000000.5,{"k":"\u00e9","n":1}])");
}

TEST_CASE("a session is renewed by use, after its reissue time") {
  SignedCookieSessionOptions with = options();
  with.reissue_time = 10s;
  SessionRequest early(with, cookie_of(kStored));
  now = 1400000010.9;
  CHECK(early.session().at("k") == "v");
  CHECK(early.stored().empty());
  SessionRequest late(with, cookie_of(kStored));
  now = 1400000011;
  CHECK(late.session().at("k") == "v");
  CHECK(late.stored() == R"([1400000011,1400000000.5,{"k":"v"}])");
  with.reissue_time = std::nullopt;
  SessionRequest never(with, cookie_of(kStored));
  now = 1400000500;
  CHECK(never.session().at("k") == "v");
  CHECK(never.stored().empty());
}

TEST_CASE("a session that was not renewed in time is empty") {
  SignedCookieSessionOptions with = options();
  with.timeout = 60s;
  now = 1400000060;
  SessionRequest good(with, cookie_of(kStored));
  CHECK(good.session().contains("k"));
  now = 1400000060.5;
  SessionRequest expired(with, cookie_of(kStored));
  CHECK(expired.session().empty());
  CHECK_FALSE(expired.session().is_new());
  with.timeout = std::nullopt;
  now = 2400000000;
  SessionRequest kept(with, cookie_of(kStored));
  CHECK(kept.session().contains("k"));
}

TEST_CASE("a session that does not fit into a cookie is an error of the app") {
  const auto answer = [](std::size_t size) {
    SessionRequest asked(options(), "");
    asked.session()["k"] = std::string(size, 'x');
    return asked.answer();
  };
  CHECK_NOTHROW(answer(2900));
  CHECK_THROWS_WITH(answer(3100), Contains("too long for a cookie") && Contains("4064"));
}

TEST_CASE("text that is not UTF-8 does not spoil a session") {
  SessionRequest asked(options(), "");
  asked.session()["k"] = "\xff";
  CHECK_THAT(asked.stored(), Contains(R"("\ufffd")"));
}

TEST_CASE("set_on_exception says whether an error page stores the session") {
  for (const bool on : {true, false}) {
    TestApp app;
    SignedCookieSessionOptions with = options();
    with.set_on_exception = on;
    app.config.set_session_factory(SignedCookieSessionFactory(with));
    app.config.add_view(
        [](Request& request) -> Response {
          request.session()["k"] = 1;
          throw HTTPForbidden();
        },
        {.mapper = FiberMapper{}});
    CHECK(app.get("/").headers().contains("Set-Cookie") == on);
  }
}

TEST_CASE("a session goes from one response to the next request, in each kind of view") {
  TestApp app;
  app.config.set_session_factory(SignedCookieSessionFactory({.secret = "s"}));
  const auto count = [](Request& request) {
    const int n = request.session().get<int>("n", 0) + 1;
    request.session()["n"] = n;
    return Json(n);
  };
  const auto count_in_coroutine = [count](Request& request) -> Task<Json> {
    co_return count(request);
  };
  app.config.add_view(count, {.name = "thread", .renderer = "json"});
  app.config.add_view(count_in_coroutine, {.name = "coroutine", .renderer = "json"});
  const Response first = app.get("/thread");
  CHECK(first.body() == "1");
  const Response second = app.get("/coroutine", {{"HTTP_COOKIE", cookie_pair(first.headers())}});
  CHECK(second.body() == "2");
  CHECK(app.get("/thread", {{"HTTP_COOKIE", cookie_pair(second.headers())}}).body() == "3");
}

TEST_CASE("an app without a session factory says so to who wants a session") {
  AskedRequest asked;
  CHECK_THROWS_WITH(asked.request.session(), Contains("set_session_factory"));
}

TEST_CASE("sessions without a secret, a hash or a cookie's name are refused at the start") {
  CHECK_THROWS_AS(SignedCookieSessionFactory({.secret = ""}), ConfigurationError);
  CHECK_THROWS_AS(SignedCookieSessionFactory({.secret = "s", .hashalg = "x"}), ConfigurationError);
  CHECK_THROWS_AS(SignedCookieSessionFactory({.secret = "s", .cookie_name = "a;b"}), Error);
}

}  // namespace cookie_session_test

#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/derivers/csrf.h>
#include <aiopyr/runtime/web/security/cookie_session.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

using Variables = MapEnviron::Variables;

/// A request to an app whose tokens are in the cookie, which says "good".
struct CsrfRequest : AskedRequest {
  CsrfRequest() : CsrfRequest(Variables()) {}
  CsrfRequest(std::initializer_list<Variables::value_type> variables)
      : CsrfRequest(Variables(variables)) {}
  explicit CsrfRequest(Variables variables, std::string body = {})
      : AskedRequest(with_cookie(std::move(variables)), std::move(body)) {
    registry.security.csrf_storage_policy = std::make_shared<CookieCSRFStoragePolicy>();
  }
  static Variables with_cookie(Variables variables) {
    variables.emplace("REQUEST_METHOD", "POST");
    variables.emplace("HTTP_COOKIE", "csrf_token=good");
    return variables;
  }
};

bool passes_token(Variables variables, std::string body = {}) {
  CsrfRequest asked(std::move(variables), std::move(body));
  return check_csrf_token(asked.request, {.raises = false});
}

/// Checks the origin of a request to https://example.com, or to the host in `more`.
bool passes_origin(Variables more, CheckCSRFOriginOptions options = {},
                   const char* trusted_setting = nullptr) {
  more.emplace("HTTPS", "on");
  more.emplace("HTTP_HOST", "example.com");
  CsrfRequest asked(std::move(more));
  if (trusted_setting) asked.registry.settings["pyramid.csrf_trusted_origins"] = trusted_setting;
  options.raises = false;
  return check_csrf_origin(asked.request, options);
}

std::string origin_error(Variables more) {
  more.emplace("HTTPS", "on");
  CsrfRequest asked(std::move(more));
  try {
    check_csrf_origin(asked.request);
  } catch (const BadCSRFOrigin& error) {
    return error.what();
  }
  return "passed";
}

void with_session(AskedRequest& asked) {
  asked.registry.security.session_factory = SignedCookieSessionFactory({.secret = "s"});
}

}  // namespace

TEST_CASE("LegacySessionCSRFStoragePolicy: the session makes and keeps the token") {
  AskedRequest asked;
  with_session(asked);
  const std::string token = get_csrf_token(asked.request);
  CHECK(token.size() == 40);
  CHECK(get_csrf_token(asked.request) == token);
  CHECK(asked.request.session().at("_csrft_") == token);
  CHECK(new_csrf_token(asked.request) != token);
}

TEST_CASE("SessionCSRFStoragePolicy: the token is in the session under its key") {
  AskedRequest asked;
  with_session(asked);
  asked.registry.security.csrf_storage_policy = std::make_shared<SessionCSRFStoragePolicy>("key");
  const std::string token = get_csrf_token(asked.request);
  CHECK(token.size() == 32);
  CHECK(asked.request.session().at("key") == token);
  CHECK(get_csrf_token(asked.request) == token);
  CHECK(new_csrf_token(asked.request) != token);
  asked.request.session()["key"] = 1;
  CHECK(get_csrf_token(asked.request).size() == 32);
}

TEST_CASE("CookieCSRFStoragePolicy: the token is the cookie's, or a new one that is set") {
  CsrfRequest with_cookie;
  CHECK(get_csrf_token(with_cookie.request) == "good");
  CHECK_FALSE(with_cookie.answer().headers().contains("Set-Cookie"));

  CsrfRequest without({{"HTTP_COOKIE", "csrf_token="}});
  const std::string token = get_csrf_token(without.request);
  CHECK(token.size() == 32);
  CHECK(get_csrf_token(without.request) == token);
  const Response response = without.answer();
  REQUIRE(response.headers().getall("Set-Cookie").size() == 1);
  CHECK(response.headers().get("Set-Cookie", "") ==
        "csrf_token=" + token + "; Path=/; SameSite=Lax");
}

TEST_CASE("CookieCSRFStoragePolicy: a new token takes the cookie's place at once") {
  CsrfRequest asked;
  const std::string token = new_csrf_token(asked.request);
  CHECK(token != "good");
  CHECK(get_csrf_token(asked.request) == token);
  CHECK_THROWS_AS(CookieCSRFStoragePolicy({.cookie_name = "a b"}), Error);
}

TEST_CASE("without a session factory the default policy says what is missing") {
  AskedRequest asked;
  CHECK_THROWS_WITH(get_csrf_token(asked.request), Contains("set_session_factory"));
}

TEST_CASE("the token may be in the header or in the form, and never in the query") {
  const Variables form{{"CONTENT_TYPE", "application/x-www-form-urlencoded"}};
  CHECK(passes_token({{"HTTP_X_CSRF_TOKEN", "good"}}));
  CHECK(passes_token(form, "csrf_token=good"));
  CHECK_FALSE(passes_token({{"QUERY_STRING", "csrf_token=good"}}));
  CHECK_FALSE(passes_token({}));
  CHECK_FALSE(passes_token({{"HTTP_X_CSRF_TOKEN", "goo"}}));
  CHECK_FALSE(passes_token({{"HTTP_X_CSRF_TOKEN", "g\xc3\xb6od"}}));
  CHECK_FALSE(passes_token(form, "csrf_token=bad"));
  // The header has priority, right or wrong.
  Variables both = form;
  both["HTTP_X_CSRF_TOKEN"] = "bad";
  CHECK_FALSE(passes_token(both, "csrf_token=good"));
}

TEST_CASE("header and field of the token have other names, or none") {
  CsrfRequest asked(Variables{{"HTTP_X_TOKEN", "good"}}, "t=good");
  CHECK(check_csrf_token(asked.request, {.token = "", .header = "X-Token", .raises = false}));
  CHECK(check_csrf_token(asked.request, {.token = "t", .header = "", .raises = false}));
  CHECK_FALSE(check_csrf_token(asked.request, {.token = "", .header = "", .raises = false}));
}

TEST_CASE("a wrong token is a bad request that says what is wrong") {
  CsrfRequest asked;
  CHECK_THROWS_AS(check_csrf_token(asked.request), BadCSRFToken);
  CHECK_THROWS_AS(check_csrf_token(asked.request), HTTPBadRequest);
  const BadCSRFToken error("check_csrf_token(): Invalid token");
  CHECK(error.code() == 400);
  CHECK_THAT(error.explanation(), Contains("cross-site request forgery token"));
  CHECK(error.title() == "Bad CSRF Token");
  CHECK(error.status() == "400 Bad CSRF Token");
  CHECK(BadCSRFOrigin().title() == "Bad CSRF Origin");
  CHECK(BadCSRFOrigin().status() == "400 Bad CSRF Origin");
  CHECK_THROWS_AS(error.raise(), BadCSRFToken);
  CHECK_THROWS_AS(BadCSRFOrigin().raise(), BadCSRFOrigin);
}

TEST_CASE("over http there is no origin to check") {
  CHECK(passes_origin({{"HTTPS", "off"}, {"HTTP_ORIGIN", "http://evil.org"}}));
}

TEST_CASE("the origin of a request over https has to be this site or a trusted one") {
  CHECK(passes_origin({{"HTTP_ORIGIN", "https://example.com"}}));
  CHECK(passes_origin({{"HTTP_ORIGIN", "https://evil.org https://example.com"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "https://example.com https://evil.org"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "http://example.com"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "https://example.com.evil.org"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "https://example.com:8443"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "example.com"}}));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", ""}}));
  CHECK(passes_origin({{"HTTP_ORIGIN", "https://a.b:8443"}, {"HTTP_HOST", "a.b:8443"}}));
}

TEST_CASE("without an Origin the Referer counts") {
  CHECK(passes_origin({{"HTTP_REFERER", "https://example.com/page?q#f"}}));
  CHECK_FALSE(passes_origin({{"HTTP_REFERER", "https://evil.org/https://example.com"}}));
  CHECK_FALSE(passes_origin({{"HTTP_REFERER", "null"}}));
  CHECK_FALSE(passes_origin({}));
  CHECK(passes_origin({}, {.allow_no_origin = true}));
}

TEST_CASE("trusted origins come from the call or from the setting") {
  const Variables origin{{"HTTP_ORIGIN", "https://www.other.org"}};
  CHECK_FALSE(passes_origin(origin));
  CHECK(passes_origin(origin, {.trusted_origins = {{"www.other.org"}}}));
  CHECK(passes_origin(origin, {}, "a.org\n  .other.org"));
  CHECK_FALSE(passes_origin(origin, {.trusted_origins = {{"a.org"}}}, ".other.org"));
  CHECK_FALSE(passes_origin({{"HTTP_ORIGIN", "null"}}));
  CHECK(passes_origin({{"HTTP_ORIGIN", "null"}}, {}, "null"));
}

TEST_CASE("a bad origin says why it is one") {
  CHECK(origin_error({}) == "Origin checking failed - missing Origin or Referer.");
  CHECK(origin_error({{"HTTP_ORIGIN", "null"}}) ==
        "Origin checking failed - null does not match any trusted origins.");
  CHECK(origin_error({{"HTTP_ORIGIN", "http://a"}}) ==
        "Origin checking failed - Origin is insecure while host is secure.");
  CHECK(origin_error({{"HTTP_ORIGIN", "https://evil\xff.org"}}) ==
        "Origin checking failed - https://evil\\xff.org does not match any trusted origins.");
}

TEST_CASE("a protected view checks what is not safe, unless the callback says otherwise") {
  const auto is_checked = [](const char* method, const CSRFOptions& options) {
    CsrfRequest asked({{"REQUEST_METHOD", method}});
    try {
      detail::check_csrf(asked.request, options);
    } catch (const BadCSRFToken&) {
      return true;
    }
    return false;
  };
  for (const char* safe : {"GET", "HEAD", "OPTIONS", "TRACE"}) CHECK_FALSE(is_checked(safe, {}));
  for (const char* unsafe : {"POST", "PUT", "PATCH", "DELETE", "get"})
    CHECK(is_checked(unsafe, {}));
  CHECK_FALSE(is_checked("PUT", {.safe_methods = {"PUT"}}));
  CHECK_FALSE(is_checked("POST", {.callback = [](Request&) { return false; }}));
  CHECK(is_checked("POST", {.callback = [](Request&) { return true; }}));
}

TEST_CASE("a protected view checks the origin first, if it checks it") {
  CsrfRequest asked({{"HTTPS", "on"}, {"HTTP_X_CSRF_TOKEN", "good"}});
  CHECK_THROWS_AS(detail::check_csrf(asked.request, {}), BadCSRFOrigin);
  CHECK_NOTHROW(detail::check_csrf(asked.request, {.check_origin = false}));
  CHECK_NOTHROW(detail::check_csrf(asked.request, {.allow_no_origin = true}));
}

TEST_CASE("a view is protected by its own word, or by the default, which spares exception views") {
  Registry registry;
  CHECK_FALSE(detail::csrf_options_of(registry, {}, false));
  CHECK(detail::csrf_options_of(registry, true, false)->token == "csrf_token");
  registry.security.default_csrf_options = CSRFOptions{.token = "t"};
  CHECK(detail::csrf_options_of(registry, {}, false)->token == "t");
  CHECK_FALSE(detail::csrf_options_of(registry, false, false));
  CHECK_FALSE(detail::csrf_options_of(registry, {}, true));
  CHECK(detail::csrf_options_of(registry, true, true));
  registry.security.default_csrf_options = CSRFOptions{.require_csrf = false};
  CHECK_FALSE(detail::csrf_options_of(registry, {}, false));
  registry.security.default_csrf_options = CSRFOptions{.token = "", .header = ""};
  CHECK_FALSE(detail::csrf_options_of(registry, true, false));
}

TEST_CASE("a bad token that a view finds is answered with 400 and a page that explains it") {
  TestApp app;
  app.config.set_csrf_storage_policy(CookieCSRFStoragePolicy());
  app.config.add_view(
      [](Request& request) {
        check_csrf_token(request);
        return Response("done");
      },
      {.mapper = FiberMapper{}});
  const Response response = app.request("POST", "/");
  CHECK(response.status_code() == 400);
  CHECK_THAT(response.body(), Contains("cross-site request forgery"));
  CHECK(app.log.empty());
}

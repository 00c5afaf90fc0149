#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/security/authentication.h>
#include <aiopyr/runtime/web/security/cookie_session.h>

using namespace aiopyr;

namespace {

std::optional<Principals> groups_of(const std::string& userid, Request&) {
  if (userid == "george") return Principals{"group:editors"};
  if (userid == "ringo") return Principals{};
  return std::nullopt;
}

/// A policy for which every request claims to be from this user.
class Claim : public CallbackAuthenticationPolicy {
 public:
  explicit Claim(std::optional<std::string> userid, AuthenticationCallback callback = {})
      : CallbackAuthenticationPolicy(std::move(callback)), userid_(std::move(userid)) {}
  std::optional<std::string> unauthenticated_userid(Request&) const override { return userid_; }

 private:
  std::optional<std::string> userid_;
};

AskedRequest basic(std::string authorization) {
  return AskedRequest({{"HTTP_AUTHORIZATION", std::move(authorization)}});
}

/// Returns a check that knows only this name and password.
BasicAuthAuthenticationPolicy::Check only(std::string name, std::string password) {
  return [=](const std::string& n, const std::string& p, Request&) -> std::optional<Principals> {
    if (n == name && p == password) return Principals{"group:" + n};
    return std::nullopt;
  };
}

struct SessionRequest : AskedRequest {
  explicit SessionRequest(const std::string& cookie = {})
      : AskedRequest({{"HTTP_COOKIE", cookie}}) {
    registry.security.session_factory = SignedCookieSessionFactory({.secret = "s"});
  }
};

}  // namespace

TEST_CASE("a user that the callback knows has its groups") {
  AskedRequest asked;
  const Claim policy("george", groups_of);
  CHECK(policy.authenticated_userid(asked.request) == "george");
  CHECK(policy.effective_principals(asked.request) ==
        Principals{kEveryone, kAuthenticated, "george", "group:editors"});
  CHECK(Claim("ringo", groups_of).effective_principals(asked.request) ==
        Principals{kEveryone, kAuthenticated, "ringo"});
}

TEST_CASE("a user that the callback does not know is nobody") {
  AskedRequest asked;
  const Claim policy("mallory", groups_of);
  CHECK(policy.unauthenticated_userid(asked.request) == "mallory");
  CHECK_FALSE(policy.authenticated_userid(asked.request));
  CHECK(policy.effective_principals(asked.request) == Principals{kEveryone});
}

TEST_CASE("without a userid the callback is not asked, and without a callback all are known") {
  AskedRequest asked;
  const Claim nobody(std::nullopt, [](const std::string&, Request&) -> std::optional<Principals> {
    throw std::logic_error("asked");
  });
  CHECK_FALSE(nobody.authenticated_userid(asked.request));
  CHECK(nobody.effective_principals(asked.request) == Principals{kEveryone});
  CHECK(Claim("any").authenticated_userid(asked.request) == "any");
  CHECK(Claim("any").effective_principals(asked.request) ==
        Principals{kEveryone, kAuthenticated, "any"});
}

TEST_CASE("nobody can be system.Everyone or system.Authenticated") {
  AskedRequest asked;
  for (const char* name : {kEveryone, kAuthenticated}) {
    const Claim policy(name);
    CHECK_FALSE(policy.authenticated_userid(asked.request));
    CHECK(policy.effective_principals(asked.request) == Principals{kEveryone});
  }
}

TEST_CASE("AuthTktAuthenticationPolicy: the userid is the cookie's") {
  const AuthTktAuthenticationPolicy policy({.secret = "sosecret"}, groups_of);
  AskedRequest login;
  CHECK_FALSE(policy.unauthenticated_userid(login.request));
  const Headers headers = policy.remember(login.request, "george", {});
  AskedRequest asked({{"HTTP_COOKIE", cookie_pair(headers)}});
  CHECK(policy.unauthenticated_userid(asked.request) == "george");
  CHECK(policy.authenticated_userid(asked.request) == "george");
  CHECK(cookie_pair(policy.forget(asked.request)) == "auth_tkt=");
}

TEST_CASE("SessionAuthenticationPolicy: the userid is in the session") {
  const SessionAuthenticationPolicy policy({}, groups_of);
  SessionRequest login;
  CHECK_FALSE(policy.unauthenticated_userid(login.request));
  CHECK(policy.remember(login.request, "george", {}).empty());
  CHECK(login.request.session().at("auth.userid") == "george");
  SessionRequest asked(cookie_pair(login.answer().headers()));
  CHECK(policy.authenticated_userid(asked.request) == "george");
  CHECK(policy.forget(asked.request).empty());
  CHECK_FALSE(policy.authenticated_userid(asked.request));
  CHECK_FALSE(asked.request.session().contains("auth.userid"));
}

TEST_CASE("SessionAuthenticationPolicy: an integer is kept as one, under the prefix") {
  const SessionAuthenticationPolicy policy({.prefix = "me."});
  SessionRequest asked;
  static_cast<void>(policy.remember(asked.request, "42", {.userid_type = UseridType::kInt}));
  CHECK(asked.request.session().at("me.userid") == 42);
  CHECK(policy.unauthenticated_userid(asked.request) == "42");
  asked.request.session()["me.userid"] = Json::array();
  CHECK_FALSE(policy.unauthenticated_userid(asked.request));
}

TEST_CASE("SessionAuthenticationPolicy: an integer that is too large stays what it is") {
  const SessionAuthenticationPolicy policy;
  for (const std::string userid : {"18446744073709551615", "99999999999999999999999", ""}) {
    SessionRequest asked;
    static_cast<void>(policy.remember(asked.request, userid, {.userid_type = UseridType::kInt}));
    CHECK(policy.unauthenticated_userid(asked.request) == userid);
  }
}

TEST_CASE("RemoteUserAuthenticationPolicy: the userid is the server's variable") {
  const RemoteUserAuthenticationPolicy policy({}, groups_of);
  AskedRequest asked({{"REMOTE_USER", "george"}});
  CHECK(policy.authenticated_userid(asked.request) == "george");
  CHECK(policy.remember(asked.request, "george", {}).empty());
  CHECK(policy.forget(asked.request).empty());
  AskedRequest empty({{"REMOTE_USER", ""}, {"HTTP_REMOTE_USER", "george"}});
  CHECK_FALSE(policy.unauthenticated_userid(empty.request));
  AskedRequest other({{"X_USER", "ringo"}});
  CHECK(RemoteUserAuthenticationPolicy({.environ_key = "X_USER"})
            .unauthenticated_userid(other.request) == "ringo");
}

TEST_CASE("BasicAuthAuthenticationPolicy: name and password come with each request") {
  const BasicAuthAuthenticationPolicy policy({.check = only("chrisr", "pass:word")});
  AskedRequest asked = basic("bAsIc   Y2hyaXNyOnBhc3M6d29yZA== ");
  CHECK(policy.unauthenticated_userid(asked.request) == "chrisr");
  CHECK(policy.authenticated_userid(asked.request) == "chrisr");
  CHECK(policy.effective_principals(asked.request) ==
        Principals{kEveryone, kAuthenticated, "chrisr", "group:chrisr"});
  AskedRequest wrong = basic("Basic Y2hyaXNyOnB3");
  CHECK(policy.unauthenticated_userid(wrong.request) == "chrisr");
  CHECK_FALSE(policy.authenticated_userid(wrong.request));
}

TEST_CASE("BasicAuthAuthenticationPolicy: credentials are UTF-8, or else ISO-8859-1") {
  const std::string name = "m\u00f6rk\u00f6";
  const BasicAuthAuthenticationPolicy policy({.check = only(name, name + "password")});
  AskedRequest utf8 = basic("Basic bcO2cmvDtjptw7Zya8O2cGFzc3dvcmQ=");
  CHECK(policy.authenticated_userid(utf8.request) == name);
  AskedRequest latin1 = basic("Basic bfZya/Y6bfZya/ZwYXNzd29yZA==");
  CHECK(policy.authenticated_userid(latin1.request) == name);
}

TEST_CASE("BasicAuthAuthenticationPolicy: what cannot be read is nobody") {
  const BasicAuthAuthenticationPolicy policy({.check = only("", "")});
  for (const char* header : {"", "Basic", "Basic ", "Basic chrisr:password", "Basic Y2hyaXNy",
                             "Basic Y2hyaXNyOnB", "Digest Y2hyaXNyOnB3", "\xff \xff"}) {
    CAPTURE(header);
    AskedRequest asked = basic(header);
    CHECK_FALSE(policy.unauthenticated_userid(asked.request));
    CHECK_FALSE(policy.authenticated_userid(asked.request));
  }
}

TEST_CASE("BasicAuthAuthenticationPolicy: forget() is the challenge") {
  AskedRequest asked;
  const BasicAuthAuthenticationPolicy policy({.check = only("a", "b")});
  CHECK(policy.forget(asked.request).get("WWW-Authenticate", "") == "Basic realm=\"Realm\"");
  CHECK_THROWS_AS(BasicAuthAuthenticationPolicy({}), ConfigurationError);
}

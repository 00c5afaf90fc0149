// The tests of Aiopyramid's authentication (tests/test_auth.py), under their names.
#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/security/authn_policy_factory.h>

using namespace aiopyr;

namespace {

Task<std::optional<Principals>> callback(std::string userid, Request&) {
  CHECK(userid == "theone");
  co_await sleep(0.1);
  co_return Principals{"test_user"};
}

class TestAuthenticationPolicy : public CallbackAuthenticationPolicy {
 public:
  using CallbackAuthenticationPolicy::CallbackAuthenticationPolicy;
  std::optional<std::string> unauthenticated_userid(Request&) const override { return "theone"; }
};

const Principals kAll{"system.Everyone", "system.Authenticated", "theone", "test_user"};

CoroutineAuthenticationPolicyProxy wrapped_policy() {
  return authn_policy_factory<TestAuthenticationPolicy>(callback);
}

void call_authn_policy_methods(const CoroutineAuthenticationPolicyProxy& policy, Request& request) {
  const std::optional<std::string> maybe = policy.unauthenticated_userid(request).get();
  CHECK(maybe == "theone");
  const std::optional<std::string> checked = policy.authenticated_userid(request).get();
  CHECK(checked == "theone");
  const Principals principals = policy.effective_principals(request).get();
  CHECK(principals == kAll);
}

Task<> await_authn_policy_methods(CoroutineAuthenticationPolicyProxy policy, Request& request) {
  CHECK(current_context() == Context::kLoop);
  const auto maybe = co_await policy.unauthenticated_userid(request);
  CHECK(maybe == "theone");
  const auto checked = co_await policy.authenticated_userid(request);
  CHECK(checked == "theone");
  const Principals principals = co_await policy.effective_principals(request);
  CHECK(principals == kAll);
}

}  // namespace

TEST_CASE("auth: wrapper_in_sync") {
  TestLoop loop;
  AskedRequest web_request;
  run_until_complete(
      spawn_fiber([&] { call_authn_policy_methods(wrapped_policy(), web_request.request); }));
}

TEST_CASE("auth: wrapper_in_coroutine") {
  TestLoop loop;
  AskedRequest web_request;
  run_until_complete(spawn_fiber(
      [&] { synchronize(await_authn_policy_methods)(wrapped_policy(), web_request.request); }));
}

TEST_CASE("auth: remember and forget are wrapped too") {
  TestLoop loop;
  AskedRequest asked({{"HTTP_HOST", "example.com"}});
  const auto policy =
      authn_policy_factory<AuthTktAuthenticationPolicy>(callback, {.secret = "sosecret"});
  const auto in_coroutine = [&]() -> Task<> {
    const Headers headers = co_await policy.remember(asked.request, "theone");
    CHECK(headers.size() == 1);
    const Headers fheaders = co_await policy.forget(asked.request);
    CHECK(cookie_pair(fheaders) == "auth_tkt=");
  };
  run_until_complete(in_coroutine());
  run_until_complete(spawn_fiber([&] {
    const Headers headers = policy.remember(asked.request, "theone", {.tokens = {"admin"}}).get();
    CHECK_THAT(cookie_pair(headers), Catch::Matchers::Contains("!admin!"));
  }));
}

TEST_CASE("auth: a policy may do without a coroutine") {
  TestLoop loop;
  AskedRequest asked({{"REMOTE_USER", "theone"}});
  const auto policy = authn_policy_factory<RemoteUserAuthenticationPolicy>(nullptr, {});
  run_until_complete(spawn_fiber([&] {
    CHECK(policy.authenticated_userid(asked.request).get() == "theone");
    const Principals principals = policy.effective_principals(asked.request).get();
    CHECK(principals.size() == 3);
  }));
}

TEST_CASE("auth: what a coroutine callback throws reaches who asked") {
  TestLoop loop;
  AskedRequest asked;
  const auto fails = [](const std::string&, Request&) -> Task<std::optional<Principals>> {
    co_await sleep(0.1);
    throw std::domain_error("no database");
  };
  const auto policy = authn_policy_factory<TestAuthenticationPolicy>(fails);
  const auto in_coroutine = [&]() -> Task<> {
    static_cast<void>(co_await policy.authenticated_userid(asked.request));
  };
  CHECK_THROWS_WITH(run_until_complete(in_coroutine()), "no database");
}

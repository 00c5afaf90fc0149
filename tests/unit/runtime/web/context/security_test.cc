// Tests what a request knows about its user, in each kind of view, through a whole app.
#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/security/authn_policy_factory.h>
#include <aiopyr/runtime/web/security/authorization.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

Task<std::optional<Principals>> slow_groups(std::string userid, Request&) {
  co_await sleep(0.05);
  if (userid == "george") co_return Principals{"group:editors"};
  co_return std::nullopt;
}

Json answers(const std::optional<std::string>& claimed, const std::optional<std::string>& userid,
             const Principals& principals, const PermitsResult& may_edit) {
  return {{"claimed", claimed.value_or("none")},
          {"userid", userid.value_or("none")},
          {"principals", principals},
          {"edit", static_cast<bool>(may_edit)}};
}

Task<Json> in_coroutine(Request& request) {
  const auto claimed = co_await request.unauthenticated_userid();
  const auto userid = co_await request.authenticated_userid();
  const Principals principals = co_await request.effective_principals();
  const PermitsResult may_edit = co_await request.has_permission("edit");
  co_return answers(claimed, userid, principals, may_edit);
}

Json in_plain_view(Request& request) {
  return answers(request.unauthenticated_userid().get(), request.authenticated_userid().get(),
                 request.effective_principals().get(), request.has_permission("edit").get());
}

struct AuthApp : TestApp {
  AuthApp() {
    config.set_root_factory([](Request&) {
      auto root = std::make_shared<Resource>();
      root->set_acl({{kAllow, "group:editors", "edit"}});
      return root;
    });
    config.add_view(in_coroutine, {.name = "coroutine", .renderer = "json"});
    config.add_view(in_plain_view, {.name = "thread", .renderer = "json"});
    config.add_view(in_plain_view, {.name = "fiber", .renderer = "json", .mapper = FiberMapper{}});
  }

  Json ask(const std::string& view, const std::string& user) {
    MapEnviron::Variables variables;
    if (!user.empty()) variables["REMOTE_USER"] = user;
    const Response response = get("/" + view, std::move(variables));
    if (response.status_code() == 200) return Json::parse(response.body());
    return log.empty() ? std::to_string(response.status_code()) : log.back();
  }
};

const Json kGeorge = {{"claimed", "george"},
                      {"userid", "george"},
                      {"principals", {kEveryone, kAuthenticated, "george", "group:editors"}},
                      {"edit", true}};
const Json kMallory = {
    {"claimed", "mallory"}, {"userid", "none"}, {"principals", {kEveryone}}, {"edit", false}};

/// Answers with its arguments.
class OwnPolicy : public SecurityPolicy {
 public:
  Identity identity(Request&) const override { return 7; }
  std::optional<std::string> authenticated_userid(Request&) const override { return "seven"; }
  PermitsResult permits(Request&, Resource* context, std::string_view permission) const override {
    if (context == nullptr) return Denied("no context");
    return Allowed(context->name() + ":" + std::string(permission));
  }
  Headers remember(Request&, const std::string& userid,
                   const RememberOptions& options) const override {
    return {{"X-Remember", userid + options.more.dump()}};
  }
  Headers forget(Request&) const override { return {{"X-Forget", "1"}}; }
};

}  // namespace

TEST_CASE("a callback that waits works in framework code and in coroutines") {
  AuthApp app;
  app.config.set_authentication_policy(
      authn_policy_factory<RemoteUserAuthenticationPolicy>(slow_groups));
  CHECK(app.ask("coroutine", "george") == kGeorge);
  CHECK(app.ask("coroutine", "mallory") == kMallory);
  CHECK(app.ask("fiber", "george") == kGeorge);
  CHECK(app.ask("fiber", "mallory") == kMallory);
}

TEST_CASE("a policy that waits for nothing works in threads as well") {
  AuthApp app;
  app.config.set_authentication_policy(RemoteUserAuthenticationPolicy(
      {}, [](const std::string& userid, Request&) -> std::optional<Principals> {
        if (userid == "george") return Principals{"group:editors"};
        return std::nullopt;
      }));
  for (const char* view : {"coroutine", "fiber", "thread"}) {
    CHECK(app.ask(view, "george") == kGeorge);
    CHECK(app.ask(view, "mallory") == kMallory);
  }
}

TEST_CASE("in a thread, a callback that waits is a scope error that says what to do") {
  AuthApp app;
  app.config.set_authentication_policy(
      authn_policy_factory<RemoteUserAuthenticationPolicy>(slow_groups));
  const std::string log = app.ask("thread", "george").get<std::string>();
  CHECK_THAT(log, Contains("ScopeError") && Contains("from framework code"));
}

TEST_CASE("without a policy everything is allowed to a user whom nobody knows") {
  AuthApp app;
  for (const char* view : {"coroutine", "fiber", "thread"}) {
    CHECK(
        app.ask(view, "george") ==
        Json{{"claimed", "none"}, {"userid", "none"}, {"principals", {kEveryone}}, {"edit", true}});
  }
  AskedRequest asked;
  CHECK_FALSE(asked.request.identity().get().has_value());
  CHECK_FALSE(asked.request.is_authenticated().get());
  CHECK(asked.request.has_permission("x").get().msg() == "No security policy in use.");
  CHECK(remember(asked.request, "george").get().empty());
  CHECK(forget(asked.request).get().empty());
}

TEST_CASE("a security policy of one's own is asked for everything") {
  AskedRequest asked;
  asked.registry.security.policy = std::make_shared<OwnPolicy>();
  Resource resource("page");
  TestLoop loop;
  run_until_complete(spawn_fiber([&] {
    CHECK(std::any_cast<int>(asked.request.identity().get()) == 7);
    CHECK(asked.request.is_authenticated().get());
    CHECK(asked.request.unauthenticated_userid().get() == "seven");
    CHECK(asked.request.effective_principals().get() == Principals{kEveryone});
    CHECK(asked.request.has_permission("edit", &resource).get().msg() == "page:edit");
    CHECK_FALSE(asked.request.has_permission("edit").get());
    asked.request.set_context(&resource);
    CHECK(asked.request.has_permission("view").get().msg() == "page:view");
    const Headers headers = remember(asked.request, 42, {.more = "long"}).get();
    CHECK(headers.get("X-Remember", "") == "42\"long\"");
    CHECK(forget(asked.request).get().contains("X-Forget"));
  }));
}

TEST_CASE("the identity under an authentication policy is the userid") {
  TestApp app;
  app.config.set_authentication_policy(RemoteUserAuthenticationPolicy());
  app.config.add_view(
      [](Request& request) {
        const Identity identity = request.identity().get();
        return Response(identity.has_value() ? std::any_cast<std::string>(identity) : "none");
      },
      {.mapper = FiberMapper{}});
  CHECK(app.get("/", {{"REMOTE_USER", "george"}}).body() == "george");
  CHECK(app.get("/").body() == "none");
}

TEST_CASE("a coroutine that is cancelled while it asks takes the question back") {
  TestLoop loop;
  AskedRequest asked({{"REMOTE_USER", "george"}});
  bool ended = false;
  const auto waits = [&ended](const std::string&, Request&) -> Task<std::optional<Principals>> {
    co_await sleep(1000);
    ended = true;
    co_return Principals{};
  };
  const auto policy = authn_policy_factory<RemoteUserAuthenticationPolicy>(waits);
  {
    Task<std::optional<std::string>> task =
        [](auto asked_policy, Request& request) -> Task<std::optional<std::string>> {
      co_return co_await asked_policy.authenticated_userid(request);
    }(policy, asked.request);
    CHECK_FALSE(task.start([](void*) {}, nullptr));
  }
  CHECK_FALSE(ended);
}

TEST_CASE("configuring: a session or CSRF policy, default permission and options are the app's") {
  TestApp app;
  app.config.set_default_permission("view");
  app.config.set_default_csrf_options({.token = "t"});
  app.config.set_csrf_storage_policy(CookieCSRFStoragePolicy());
  app.config.commit();
  const SecuritySettings& security = app.config.registry().security;
  CHECK(security.default_permission == "view");
  CHECK(security.default_csrf_options->token == "t");
  CHECK(dynamic_cast<const CookieCSRFStoragePolicy*>(security.csrf_storage_policy.get()));
}

TEST_CASE("configuring: a policy that is set twice names both places") {
  const std::string error = configuration_error_of([] {
    TestApp app;
    app.config.set_security_policy(OwnPolicy());
    app.config.set_security_policy(OwnPolicy());
    app.config.commit();
  });
  CHECK_THAT(error, Contains("security policy of the app") && Contains(" and again at "));
}

TEST_CASE("configuring: a security policy and an authentication policy exclude each other") {
  const std::string error = configuration_error_of([] {
    TestApp app;
    app.config.set_authentication_policy(RemoteUserAuthenticationPolicy());
    app.config.set_security_policy(OwnPolicy());
    app.config.commit();
  });
  CHECK_THAT(error, Contains("security_test.cc") && Contains("either a security policy"));
}

TEST_CASE("configuring: an authorization policy alone is an error, in either order both are fine") {
  const std::string error = configuration_error_of([] {
    TestApp app;
    app.config.set_authorization_policy(ACLAuthorizationPolicy());
    app.config.commit();
  });
  CHECK_THAT(error, Contains("set_authentication_policy"));
  TestApp app;
  app.config.set_authentication_policy(RemoteUserAuthenticationPolicy());
  app.config.set_authorization_policy(ACLAuthorizationPolicy());
  CHECK_NOTHROW(app.config.commit());
}

TEST_CASE("configuring: nothing in place of a policy is an error") {
  const std::string error = configuration_error_of([] {
    TestApp app;
    app.config.set_session_factory(nullptr);
    app.config.commit();
  });
  CHECK_THAT(error, Contains("session factory of the app: there is none in it"));
}

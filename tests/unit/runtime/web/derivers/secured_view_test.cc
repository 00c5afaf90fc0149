#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/derivers/csrf.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

/// A policy whose user is named by the header X-User; only ann has any permission.
class HeaderPolicy final : public SecurityPolicy {
 public:
  [[nodiscard]] Identity identity(Request& request) const override {
    return authenticated_userid(request);
  }
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const override {
    const std::string_view user = request.header("X-User");
    if (user.empty()) return std::nullopt;
    return std::string(user);
  }
  [[nodiscard]] PermitsResult permits(Request& request, Resource*,
                                      std::string_view permission) const override {
    if (request.header("X-User") == "ann") return Allowed("it is ann");
    return Denied("no " + std::string(permission) + " for you");
  }
  [[nodiscard]] Headers remember(Request&, const std::string&,
                                 const RememberOptions&) const override {
    return {};
  }
  [[nodiscard]] Headers forget(Request&) const override { return {}; }
  [[nodiscard]] Principals effective_principals(Request& request) const override {
    if (request.header("X-User").empty()) return {kEveryone};
    return {kEveryone, kAuthenticated, std::string(request.header("X-User")), "group:x"};
  }
};

struct SecuredApp : TestApp {
  explicit SecuredApp(Settings settings = {}) : TestApp(std::move(settings)) {
    config.set_view_mapper(FiberMapper{});
    config.set_security_policy(HeaderPolicy{});
  }
  int status(const std::string& path, const std::string& user = {}) {
    return get(path, {{"HTTP_X_USER", user}}).status_code();
  }
};

Response hello(Request&) { return Response("hello"); }

}  // namespace

TEST_CASE("no deriver runs for those who are refused, whichever place another one asks for") {
  for (const std::string over : {"csrf_view", "secured_view", "decorated_view"}) {
    SecuredApp app;
    int calls = 0;
    app.config.add_view(hello, {.permission = "edit"});
    app.config.add_view_deriver([](ViewFunction view, const ViewDeriverInfo&) { return view; },
                                {.name = "outer", .over = over});
    app.config.add_view_deriver(
        [&calls](ViewFunction view, const ViewDeriverInfo&) -> ViewFunction {
          return [&calls, view](Resource* context, Request& request) {
            ++calls;
            return view(context, request);
          };
        },
        {.name = "inner", .over = "rendered_view"});
    CHECK(app.status("/", "bob") == 403);
    CHECK(calls == 0);
    CHECK(app.status("/", "ann") == 200);
    CHECK(calls == 1);
  }
}

TEST_CASE("a view with a permission is for those whom the policy allows it") {
  SecuredApp app;
  app.config.add_view(hello, {.permission = "edit"});
  CHECK(app.status("/", "ann") == 200);
  CHECK(app.status("/", "bob") == 403);
  CHECK(app.status("/") == 403);
}

TEST_CASE("a policy that is set when the view is registered already guards it too") {
  TestApp app;
  app.config.add_view(hello, {.permission = "edit"});
  app.config.commit();
  app.config.set_security_policy(HeaderPolicy{});
  CHECK(app.get("/").status_code() == 403);
}

TEST_CASE("without a policy a permission asks for nothing") {
  TestApp app;
  app.config.add_view(hello, {.permission = "edit"});
  CHECK(app.get("/").status_code() == 200);
}

TEST_CASE("the default permission is for views that name none, and for no exception views") {
  SecuredApp app;
  app.config.add_view(hello, {.name = "closed"});
  app.config.add_view(hello, {.name = "open", .permission = kNoPermissionRequired});
  app.config.add_notfound_view([](Request&) { return Response("nothing", 404); });
  app.config.set_default_permission("view");
  CHECK(app.status("/closed", "ann") == 200);
  CHECK(app.status("/closed", "bob") == 403);
  CHECK(app.status("/open", "bob") == 200);
  CHECK(app.get("/nowhere").body() == "nothing");
}

TEST_CASE("predicates are asked before the permission") {
  SecuredApp app;
  app.config.add_view(hello, {.permission = "edit", .request_method = "POST"});
  app.config.add_view(hello);
  CHECK(app.status("/", "bob") == 200);
}

TEST_CASE("a forbidden view knows what the policy answered") {
  SecuredApp app;
  app.config.add_view(hello, {.permission = "edit"});
  app.config.add_forbidden_view(
      [](const HTTPForbidden& error, Request&) { return Response(error.result->msg(), 403); });
  CHECK(app.get("/").body() == "no edit for you");
}

TEST_CASE("what the policy answered is not told to the client") {
  SecuredApp app;
  app.config.add_view(hello, {.permission = "edit"});
  CHECK_THAT(app.get("/").body(), !Contains("no edit for you"));
}

TEST_CASE("views are told apart by whether there is a user and by principals") {
  SecuredApp app;
  app.config.add_view([](Request&) { return Response("member"); }, {.is_authenticated = true});
  app.config.add_view([](Request&) { return Response("guest"); }, {.is_authenticated = false});
  app.config.add_view([](Request&) { return Response("both"); },
                      {.name = "group", .effective_principals = {"group:x", kAuthenticated}});
  CHECK(app.get("/").body() == "guest");
  CHECK(app.get("/", {{"HTTP_X_USER", "bob"}}).body() == "member");
  CHECK(app.status("/group", "bob") == 200);
  CHECK(app.status("/group") == 404);
}

TEST_CASE("debug_authorization logs every decision") {
  SecuredApp app(Settings{{"debug_authorization", "1"}});
  app.config.add_view(hello, {.permission = "edit"});
  app.config.add_view(hello, {.name = "open"});
  app.status("/", "bob");
  app.status("/open");
  REQUIRE(app.log.size() == 2);
  CHECK_THAT(app.log[0], Contains("no edit for you"));
  CHECK_THAT(app.log[1], Contains("no permission registered"));
}

TEST_CASE("a view that requires a CSRF token is not called without it") {
  SecuredApp app;
  app.config.set_csrf_storage_policy(CookieCSRFStoragePolicy{});
  int calls = 0;
  app.config.add_view([&calls](Request&) { return Response(std::to_string(++calls)); },
                      {.require_csrf = true});
  CHECK(app.request("POST", "/", {{"HTTP_COOKIE", "csrf_token=abc"}}).status_code() == 400);
  CHECK(calls == 0);
  CHECK(app.request("POST", "/", {{"HTTP_COOKIE", "csrf_token=abc"}, {"HTTP_X_CSRF_TOKEN", "abc"}})
            .status_code() == 200);
  CHECK(app.get("/").status_code() == 200);
  CHECK(calls == 2);
}

// Users: a ticket in a cookie, groups that a coroutine looks up, a session, a CSRF token. The
// cookies are Pyramid's own: a Python site with the same secrets reads them, and the reverse.
#include <map>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace security {

/// Looks up a user as a database would; returns nullopt if there is no such user.
Task<std::optional<Principals>> get_principals(std::string userid, Request&) {
  static const std::map<std::string, Principals, std::less<>> kGroups = {
      {"george", {"group:editors"}}, {"ringo", {}}};
  co_await sleep(0.05);
  const auto user = kGroups.find(userid);
  if (user == kGroups.end()) co_return std::nullopt;
  co_return user->second;
}

std::string setting(const Settings& settings, const std::string& name,
                    const std::string& fallback) {
  const auto found = settings.find(name);
  return found == settings.end() ? fallback : found->second;
}

AuthTktOptions ticket_options(const Settings& settings) {
  AuthTktOptions options{.secret = "sosecret"};
  options.hashalg = setting(settings, "features.hashalg", "sha512");
  options.include_ip = is_truthy(setting(settings, "features.include_ip", "no"));
  return options;
}

Task<Json> me(Request& request) {
  const std::optional<std::string> userid = co_await request.authenticated_userid();
  const Principals principals = co_await request.effective_principals();
  co_return Json{{"userid", userid ? Json(*userid) : Json()}, {"principals", principals}};
}

// Handles /login?user=george, and for other programs' tickets &type=int and &token=admin
Task<Json> login(Request& request) {
  const MultiDict& params = request.params();
  std::string user = params["user"];
  RememberOptions options{.tokens = params.getall("token")};
  if (params.get("type", "text") == "int") options.userid_type = UseridType::kInt;
  if (params.get("type", "text") == "bytes") options.userid_type = UseridType::kBytes;
  const Headers headers = co_await remember(request, user, options);
  request.response().headers().extend(headers);
  co_return Json{{"userid", user}};
}

Task<Json> logout(Request& request) {
  const Headers headers = co_await forget(request);
  request.response().headers().extend(headers);
  co_return Json{{"userid", nullptr}};
}

// Shows the contents of a ticket, by the helper for custom policies.
auto ticket_view(const AuthTktOptions& options) {
  return [helper = AuthTktCookieHelper(options)](Request& request) -> Json {
    const std::optional<AuthTktIdentity> identity = helper.identify(request);
    if (!identity) return nullptr;
    return {{"userid", identity->userid},
            {"timestamp", identity->timestamp},
            {"tokens", identity->tokens},
            {"userdata", identity->userdata}};
  };
}

Json count(Request& request) {
  Session& session = request.session();
  const bool is_new = session.is_new();
  const int visits = session.get<int>("count", 0) + 1;
  session["count"] = visits;
  return {{"count", visits}, {"new", is_new}};
}

// Stores a message for the next page with /flash?message=saved; /flash shows the stored ones.
Json flash(Request& request) {
  Session& session = request.session();
  if (const auto message = request.GET().get("message")) session.flash(*message);
  return {
      {"messages", request.GET().contains("message") ? session.peek_flash() : session.pop_flash()}};
}

Json csrf_token(Request& request) { return {{"csrf_token", get_csrf_token(request)}}; }

Json guarded(Request& request) {
  check_csrf_token(request);
  return {{"changed", true}};
}

Json may_view(Resource& folder, Request&) { return {{"folder", folder.name()}}; }

/// Returns an ACL that is looked up: only editors may see this resource.
Task<Acl> editors_only() {
  co_await sleep(0.05);
  co_return Acl{{kAllow, "group:editors", "view"}, kDenyAll};
}

}  // namespace security

using namespace security;

std::shared_ptr<Resource> public_folder(Request&) {
  auto folder = std::make_shared<Resource>("public");
  folder->set_acl({{kAllow, kEveryone, "view"}});
  return folder;
}

std::shared_ptr<Resource> private_folder(Request&) {
  auto folder = std::make_shared<Resource>("private");
  folder->set_acl(synchronize(editors_only));
  return folder;
}

void include_security(Configurator& config) {
  const AuthTktOptions tickets = ticket_options(config.settings());
  config.set_authentication_policy(
      authn_policy_factory<AuthTktAuthenticationPolicy>(get_principals, tickets));
  config.set_authorization_policy(ACLAuthorizationPolicy());
  config.set_session_factory(SignedCookieSessionFactory({.secret = "itsaseekreet"}));

  config.add_route("me", "/me");
  config.add_view(me, {.route_name = "me", .renderer = "json"});
  config.add_route("login", "/login");
  config.add_view(login, {.route_name = "login", .renderer = "json"});
  config.add_route("logout", "/logout");
  config.add_view(logout, {.route_name = "logout", .renderer = "json"});
  config.add_route("ticket", "/ticket");
  config.add_view(ticket_view(tickets), {.route_name = "ticket", .renderer = "json"});
  config.add_route("session", "/session");
  config.add_view(count, {.route_name = "session", .renderer = "json"});
  config.add_route("flash", "/flash");
  config.add_view(flash, {.route_name = "flash", .renderer = "json"});
  config.add_route("csrf", "/csrf");
  config.add_view(csrf_token, {.route_name = "csrf", .renderer = "json", .request_method = "GET"});
  config.add_route("acl_public", "/acl/public", {.factory = public_folder});
  config.add_view(may_view, {.route_name = "acl_public", .renderer = "json", .permission = "view"});
  config.add_route("acl_private", "/acl/private", {.factory = private_folder});
  config.add_view(may_view,
                  {.route_name = "acl_private", .renderer = "json", .permission = "view"});
  config.add_view(guarded, {.route_name = "csrf", .renderer = "json", .request_method = "POST"});
}

}  // namespace features

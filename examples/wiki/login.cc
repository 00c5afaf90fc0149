// Logging in and out.
#include "next_url.h"
#include "security.h"
#include "store.h"
#include "views.h"

namespace wiki {

using namespace aiopyr;

namespace {

/// Where the form's `next` leads to, else to where the visitor came from.
std::string next_url(Request& request) {
  const std::string* next = request.params().find("next");
  const std::string url =
      safe_next_url(request, next != nullptr ? *next : std::string(request.header("Referer")));
  const bool is_here = url.starts_with(request.route_url("login"));
  return is_here ? request.route_url("view_wiki") : url;
}

Json login_form(Request& request, const std::string& message) {
  return Json{{"title", "Login"},
              {"message", message},
              {"login", request.POST().get("login", "")},
              {"next", next_url(request)},
              {"save_url", request.route_path("login")}};
}

Task<Json> login(Request& request) { co_return login_form(request, ""); }

/// The form again, if it was not the password. A visitor who is let in leaves through an exception,
/// because what is returned goes to the renderer.
Task<Json> log_in(Request& request) {
  const std::string name = request.POST()["login"];
  const std::string password = request.POST()["password"];
  const std::optional<User> user = co_await store_of(request).check_login(name, password);
  if (!user) {
    request.response().set_status(400);
    co_return login_form(request, "Failed login: name or password is wrong.");
  }
  // Whoever knew the token before does not know it any more.
  new_csrf_token(request);
  const Headers headers = co_await remember(request, user->id);
  throw HTTPSeeOther(next_url(request), {}, headers);
}

/// Only a POST, with its token, ends a login: a link on another site must not.
Task<Response> logout(Request& request) {
  Headers headers;
  if (request.method() == "POST") {
    new_csrf_token(request);
    headers = co_await forget(request);
  }
  co_return HTTPSeeOther(request.route_url("view_wiki"), {}, headers);
}

/// Anonymous visitors may not do it: perhaps they may once they have logged in.
Task<Response> to_login(Request& request) {
  co_return HTTPSeeOther(request.route_url("login", {}, {.query = {{"next", request.url()}}}));
}

}  // namespace

void include_login(Configurator& config) {
  const std::string form = "templates/login.html";
  config.add_route("login", "/login");
  config.add_view(login, {.route_name = "login", .renderer = form});
  config.add_view(log_in, {.route_name = "login", .renderer = form, .request_method = "POST"});
  config.add_route("logout", "/logout");
  config.add_view(logout, {.route_name = "logout"});
  config.add_forbidden_view(to_login, {.is_authenticated = false});
}

}  // namespace wiki

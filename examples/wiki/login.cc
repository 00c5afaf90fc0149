// Logging in and out.
#include "../shared/next_url.h"
#include "security.h"
#include "store.h"
#include "views.h"

namespace wiki {

using namespace aiopyr;

namespace {

std::string next_url(Request& request) {
  return shared::url_after_login(request, request.route_url("view_wiki"));
}

Json login_form(Request& request, const std::string& message) {
  return Json{{"title", "Login"},
              {"message", message},
              {"login", request.POST().get("login", "")},
              {"next", next_url(request)},
              {"save_url", request.route_path("login")}};
}

Task<Json> login(Request& request) { co_return login_form(request, ""); }

/// Shows the form again if the password is wrong. A successful login ends with an exception,
/// because a returned value goes to the renderer.
Task<Json> log_in(Request& request) {
  const std::string name = request.POST()["login"];
  const std::string password = request.POST()["password"];
  const std::optional<User> user = co_await store_of(request).check_login(name, password);
  if (!user) {
    request.response().set_status(400);
    co_return login_form(request, "Failed login: name or password is wrong.");
  }
  // Replaces the token, so that an attacker who knew it cannot use it any more.
  new_csrf_token(request);
  const Headers headers = co_await remember(request, user->id);
  throw HTTPSeeOther(next_url(request), {}, headers);
}

/// Ends a login only by a POST with its token: a link on another site must not do it.
Task<Response> logout(Request& request) {
  Headers headers;
  if (request.method() == "POST") {
    new_csrf_token(request);
    headers = co_await forget(request);
  }
  co_return HTTPSeeOther(request.route_url("view_wiki"), {}, headers);
}

}  // namespace

void include_login(Configurator& config) {
  const std::string form = "templates/login.html";
  config.add_route("login", "/login");
  config.add_view(login, {.route_name = "login", .renderer = form});
  config.add_view(log_in, {.route_name = "login", .renderer = form, .request_method = "POST"});
  config.add_route("logout", "/logout");
  config.add_view(logout, {.route_name = "logout"});
  config.add_forbidden_view(shared::to_login, {.is_authenticated = false});
}

}  // namespace wiki

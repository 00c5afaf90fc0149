// Logging in and out.
#include "../../shared/next_url.h"
#include "../../shared/passwords.h"
#include "../forms.h"
#include "../messages.h"
#include "../security.h"
#include "../views.h"
#include "users.h"

namespace jobs {

using namespace aiopyr;

namespace {

Form login_form(Request& request) {
  Form form("Log in", request.route_path("login"), "Log in",
            {{.name = "name", .label = "Name", .autocomplete = "username"},
             {.name = "password",
              .label = "Password",
              .kind = "password",
              .autocomplete = "current-password",
              .max = 200},
             {.name = "next", .label = "", .kind = "hidden", .min = 0, .max = 3000}});
  form.fill("next", shared::url_after_login(request, request.route_url("jobs")));
  return form;
}

Task<Json> login(Request& request) {
  Json page = login_form(request).to_json();
  page["signup_url"] = request.route_path("signup");
  co_return page;
}

/// Returns the user, if the password is right. An unknown name takes as long as a wrong password.
Task<std::optional<User>> check_login(Request& request, std::string name, std::string password) {
  const auto& passwords = request.registry().get<shared::PasswordTasks>();
  std::optional<User> user = co_await find_user_by_name(database(request), name);
  const std::string hash = user ? user->password_hash : std::string();
  const bool is_right = co_await passwords.check(hash, password);
  if (!is_right) user.reset();
  co_return user;
}

Task<Response> log_in(Request& request) {
  const std::string next = shared::url_after_login(request, request.route_url("jobs"));
  Form form = login_form(request);
  form.read(request.POST());
  const std::optional<User> user = co_await check_login(request, form["name"], form["password"]);
  if (!user) form.refuse("name", "The name or the password is wrong.");
  // A new session: nothing that was known of the old one, such as its token, is good any more.
  request.session().invalidate();
  flash(request, "You are logged in as " + user->name + ".");
  const Headers headers = co_await remember(request, user->id);
  co_return HTTPSeeOther(next, {}, headers);
}

/// Ends a login only by a POST with its token: a link on another site must not do it.
Task<Response> logout(Request& request) {
  Headers headers;
  if (request.method() == "POST") {
    headers = co_await forget(request);
    request.session().invalidate();
    flash(request, "You are logged out.");
  }
  co_return HTTPSeeOther(request.route_url("jobs"), {}, headers);
}

}  // namespace

void include_login(Configurator& config) {
  config.add_route("login", "/login");
  config.add_view(login, {.route_name = "login", .renderer = "templates/form.html"});
  config.add_view(log_in, {.route_name = "login", .request_method = "POST"});
  config.add_route("logout", "/logout");
  config.add_view(logout, {.route_name = "logout"});
  config.add_forbidden_view(shared::to_login, {.is_authenticated = false});
}

}  // namespace jobs

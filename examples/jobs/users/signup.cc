// Signing up.
#include <utility>

#include "../../shared/passwords.h"
#include "../forms.h"
#include "../messages.h"
#include "../security.h"
#include "../views.h"
#include "users.h"

namespace jobs {

using namespace aiopyr;

namespace {

Form signup_form(Request& request) {
  return Form("Sign up", request.route_path("signup"), "Sign up",
              {{.name = "name",
                .label = "Name",
                .hint = "Others see it. Letters, digits, dots, - and _.",
                .autocomplete = "username",
                .min = 2,
                .max = 40,
                .check = check_name},
               {.name = "email",
                .label = "E-mail",
                .kind = "email",
                .hint = "Applications are sent there. Nobody else sees it.",
                .autocomplete = "email",
                .max = 200,
                .check = check_email},
               {.name = "password",
                .label = "Password",
                .kind = "password",
                .hint = "At least 8 characters.",
                .autocomplete = "new-password",
                .min = 8,
                .max = 200}});
}

Task<Json> signup(Request& request) { co_return signup_form(request).to_json(); }

/// Adds the user. Of two who take the same name at once the database lets one.
Task<std::int64_t> add(Request& request, Form& form) {
  const auto& passwords = request.registry().get<shared::PasswordTasks>();
  User user{.name = form["name"], .email = form["email"]};
  user.password_hash = co_await passwords.hash(form["password"]);
  auto tx = postgres::request_transaction(request);
  try {
    co_return co_await add_user(tx, user);
  } catch (const postgres::SqlError& error) {
    if (!error.is_unique_violation()) throw;
  }
  form.refuse("name", "This name is taken. Please choose another one.");
}

Task<Response> sign_up(Request& request) {
  Form form = signup_form(request);
  form.read(request.POST());
  const std::int64_t id = co_await add(request, form);
  request.session().invalidate();
  flash(request, "Welcome, " + form["name"] + "!");
  const Headers headers = co_await remember(request, id);
  co_return HTTPSeeOther(request.route_url("jobs"), {}, headers);
}

}  // namespace

void include_signup(Configurator& config) {
  config.add_route("signup", "/signup");
  config.add_view(signup, {.route_name = "signup", .renderer = "templates/form.html"});
  config.add_view(sign_up, {.route_name = "signup", .request_method = "POST"});
}

}  // namespace jobs

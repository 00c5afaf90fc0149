// The parts that all pages share: the values of their header, and the stylesheet.
#include "../shared/page_headers.h"
#include "security.h"
#include "views.h"

namespace jobs {

using namespace aiopyr;

namespace {

/// Sets the name of the user. Pages without one are good enough where the database is away.
void add_user(Request& request, Json& system) {
  // Synchronized, since it waits for the database on a fiber.
  static const auto user_of = synchronize(current_user);
  try {
    const std::optional<User> user = user_of(request);
    system["user"] = user ? Json(user->name) : Json();
  } catch (const ClientError&) {
    system["is_away"] = true;
  }
}

void add_layout(const BeforeRender& event) {
  if (event.request == nullptr || !event.renderer_name.ends_with(".html")) return;
  Request& request = *event.request;
  add_user(request, event.system);
  event.system["messages"] = request.session().pop_flash();
  event.system["csrf_token"] = get_csrf_token(request);
  event.system["home_url"] = request.route_path("jobs");
  event.system["new_url"] = request.route_path("new_job");
  event.system["login_url"] = request.route_path("login");
  event.system["logout_url"] = request.route_path("logout");
  event.system["signup_page_url"] = request.route_path("signup");
  event.system["stylesheet_url"] = request.static_path("static/jobs.css");
  event.system["icon_url"] = request.static_path("static/icon.svg");
}

}  // namespace

void include_layout(Configurator& config) {
  config.add_static_view("static", "static");
  config.add_subscriber(add_layout);
  config.add_subscriber(shared::add_page_headers);
}

}  // namespace jobs

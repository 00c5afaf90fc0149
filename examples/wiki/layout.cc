// The parts that all pages share: the values of their header, the stylesheet, the headers that keep
// a browser from doing what these pages never need.
#include "security.h"
#include "views.h"

namespace wiki {

using namespace aiopyr;

namespace {

void add_layout(const BeforeRender& event) {
  if (event.request == nullptr) return;
  Request& request = *event.request;
  // Synchronized, since it waits for the database on a fiber.
  static const auto user_of = synchronize(current_user);
  const std::optional<User> user = user_of(request);
  event.system["user"] = user ? Json(user->name) : Json();
  event.system["csrf_token"] = get_csrf_token(request);
  event.system["home_url"] = request.route_path("view_wiki");
  event.system["login_url"] = request.route_path("login");
  event.system["logout_url"] = request.route_path("logout");
  event.system["stylesheet_url"] = request.static_path("static/wiki.css");
  event.system["icon_url"] = request.static_path("static/icon.svg");
}

void add_headers(const NewResponse& event) {
  Headers& headers = event.response.headers();
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Content-Security-Policy",
              "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
              "base-uri 'none'; frame-ancestors 'none'");
  // Pages differ from user to user; the stylesheet sets its own lifetime.
  if (!headers.contains("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
}

}  // namespace

void include_layout(Configurator& config) {
  config.add_static_view("static", "static");
  config.add_subscriber(add_layout);
  config.add_subscriber(add_headers);
}

}  // namespace wiki

// The error pages.
#include "../shared/error_pages.h"
#include "views.h"

namespace wiki {

using namespace aiopyr;

namespace {

/// Answers for a page that does not exist yet, with a link to create it.
Task<Json> notfound(const HTTPNotFound& error, Request& request) {
  Json page = shared::error_page(error, request);
  if (request.matched_route() == "view_page") {
    page["add_url"] =
        request.route_path("add_page", {{"pagename", request.matchdict()["pagename"]}});
  }
  co_return page;
}

Task<Json> forbidden(const HTTPForbidden& error, Request& request) {
  Json page = shared::error_page(error, request);
  page["text"] = "You may not do this. A page is changed by editors, and by who has created it.";
  co_return page;
}

/// Answers when more logins wait than may (store.cc).
Task<Json> busy(const ExecutorFullError&, Request& request) {
  HTTPServiceUnavailable error("Too many are asking for this. Please try again in a moment.");
  request.response().headers().set("Retry-After", "5");
  co_return shared::error_page(error, request);
}

}  // namespace

void include_errors(Configurator& config) {
  const std::string page = "templates/message.html";
  config.add_notfound_view(notfound, {.renderer = page});
  config.add_forbidden_view(forbidden, {.renderer = page, .is_authenticated = true});
  config.add_exception_view(shared::client_error, {.renderer = page});
  config.add_exception_view(busy, {.renderer = page});
}

}  // namespace wiki

// The error pages.
#include "../shared/error_pages.h"
#include "security.h"
#include "views.h"

namespace jobs {

using namespace aiopyr;

namespace {

Task<Json> forbidden(const HTTPForbidden& error, Request& request) {
  Json page = shared::error_page(error, request);
  page["text"] = "You may not do this: only who has posted a job changes it.";
  co_return page;
}

Task<Json> too_large(const HTTPRequestEntityTooLarge& error, Request& request) {
  Json page = shared::error_page(error, request);
  page["text"] = "What you have sent is too large. A file may have 2 MiB.";
  co_return page;
}

Task<Json> unavailable(const HTTPServiceUnavailable& error, Request& request) {
  co_return shared::error_page(error, request);
}

Json try_later(Request& request, const std::string& reason) {
  request.response().headers().set("Retry-After", "5");
  return shared::error_page(HTTPServiceUnavailable(reason + " Please try again in a moment."),
                            request);
}

/// Answers when more logins wait than may (shared/passwords.h).
Task<Json> busy(const ExecutorFullError&, Request& request) {
  co_return try_later(request, "Too many are asking for this.");
}

Json away(const ClientError& error, Request& request) {
  request.registry().log(LogLevel::kError, error.what());
  // Keeps the page's header from asking the database who this is.
  forget_current_user(request);
  Json page = try_later(request, "The database does not answer.");
  page["is_away"] = true;
  return page;
}

/// Answers when the database cannot be asked.
template <class Error>
Task<Json> database_away(const Error& error, Request& request) {
  co_return away(error, request);
}

/// Answers when the database is shut down while it is asked. Other errors of SQL are errors of this
/// app.
Task<Json> sql_error(const postgres::SqlError& error, Request& request) {
  if (!error.is_admin_shutdown()) throw error;
  co_return away(error, request);
}

/// Adds an exception view: a page for visitors, the same as JSON for programs.
template <class View>
void add_error_view(Configurator& config, View view) {
  config.add_exception_view(view, {.renderer = "templates/message.html"});
  config.add_exception_view(view, {.renderer = "json", .path_info = "^/api/"});
}

}  // namespace

void include_errors(Configurator& config) {
  config.add_forbidden_view(forbidden,
                            {.renderer = "templates/message.html", .is_authenticated = true});
  add_error_view(config, shared::client_error);
  add_error_view(config, too_large);
  add_error_view(config, unavailable);
  add_error_view(config, busy);
  add_error_view(config, database_away<ConnectError>);
  add_error_view(config, database_away<ConnectionLostError>);
  add_error_view(config, database_away<ClientTimeoutError>);
  add_error_view(config, database_away<PoolExhaustedError>);
  add_error_view(config, sql_error);
}

}  // namespace jobs

// Applying for a job, which needs no login.
#include <utility>

#include "../ads/resources.h"
#include "../forms.h"
#include "../messages.h"
#include "../security.h"
#include "../views.h"
#include "applications.h"
#include "mail_job.h"

namespace jobs {

using namespace aiopyr;

namespace {

Form apply_form(Request& request, const Ad& ad) {
  const RouteValues values{{"id", std::to_string(ad.id)}};
  Form form("Apply", request.route_path("apply", values), "Send",
            {{.name = "name", .label = "Your name", .autocomplete = "name"},
             {.name = "email",
              .label = "Your e-mail",
              .kind = "email",
              .hint = "The answer comes there.",
              .autocomplete = "email",
              .max = 200,
              .check = check_email},
             {.name = "message", .label = "Message", .kind = "textarea", .min = 20, .max = 5'000}});
  form.text(ad.title + ", " + ad.company);
  return form.cancel(request.route_path("job", values));
}

Task<Json> apply(AdResource& context, Request& request) {
  Form form = apply_form(request, context.ad);
  const std::optional<User> user = co_await current_user(request);
  if (user) form.fill("name", user->name).fill("email", user->email);
  co_return form.to_json();
}

/// Queues the mail. Returns whether the spooler takes it; logs why not.
bool is_queued(Request& request, std::int64_t application_id) {
  try {
    spool_mail(application_id);
    return true;
  } catch (const Error& error) {
    request.registry().log(LogLevel::kError, error.what());
    return false;
  }
}

/// Keeps the application by a statement that stands alone, not in the request's transaction: the
/// spooler may read it at once.
Task<Response> send_application(AdResource& context, Request& request) {
  const Ad& ad = context.ad;
  Form form = apply_form(request, ad);
  form.read(request.POST());
  auto adding =
      add_application(database(request), ad.id, form["name"], form["email"], form["message"]);
  const std::int64_t id = co_await std::move(adding);
  const bool is_on_its_way = is_queued(request, id);
  if (!is_on_its_way) {
    // Keeps none of which the owner would never hear.
    auto removing = remove_application(database(request), id);
    co_await std::move(removing);
    throw HTTPServiceUnavailable("Your application cannot be sent now. Please try again later.");
  }
  flash(request, "Your application is on its way.");
  co_return HTTPSeeOther(request.route_url("job", {{"id", std::to_string(ad.id)}}));
}

}  // namespace

void include_applications(Configurator& config) {
  include_mail_job(config);
  config.add_route("apply", std::string(kAdPath) + "/apply", {.factory = ad_factory});
  config.add_view(apply,
                  {.route_name = "apply", .renderer = "templates/form.html", .permission = "view"});
  config.add_view(send_application,
                  {.route_name = "apply", .permission = "view", .request_method = "POST"});
}

}  // namespace jobs

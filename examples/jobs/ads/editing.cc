// Posting an ad, editing it, deleting it.
#include <utility>

#include "../messages.h"
#include "../security.h"
#include "../views.h"
#include "ad_form.h"
#include "resources.h"

namespace jobs {

using namespace aiopyr;

namespace {

Response to_ad(Request& request, std::int64_t id) {
  return HTTPSeeOther(request.route_url("job", {{"id", std::to_string(id)}}));
}

std::string path_of(Request& request, const std::string& route_name, const Ad& ad) {
  return request.route_path(route_name, {{"id", std::to_string(ad.id)}});
}

Form new_ad_form(Request& request) {
  Form form = ad_form("Post a job", request.route_path("new_job"), Ad());
  return form.cancel(request.route_path("jobs"));
}

Form edit_form(Request& request, const Ad& ad) {
  Form form = ad_form("Edit the job", path_of(request, "edit_job", ad), ad);
  return form.cancel(path_of(request, "job", ad));
}

Task<Json> new_ad(NewAd&, Request& request) { co_return new_ad_form(request).to_json(); }

Task<Response> save_new_ad(NewAd&, Request& request) {
  Form form = new_ad_form(request);
  form.read(request.POST());
  const std::optional<User> user = co_await current_user(request);
  Ad ad;
  ad.owner_id = user.value().id;
  apply_form(form, ad);
  auto tx = postgres::request_transaction(request);
  const std::int64_t id = co_await add_ad(tx, ad);
  flash(request, "Your job is posted.");
  co_return to_ad(request, id);
}

Task<Json> edit_ad(AdResource& context, Request& request) {
  co_return edit_form(request, context.ad).to_json();
}

Task<Response> save_ad(AdResource& context, Request& request) {
  Form form = edit_form(request, context.ad);
  form.read(request.POST());
  apply_form(form, context.ad);
  auto tx = postgres::request_transaction(request);
  const auto changed = co_await update_ad(tx, context.ad);
  if (changed == 0) throw HTTPNotFound("The job was deleted meanwhile.");
  flash(request, "Your changes are saved.");
  co_return to_ad(request, context.ad.id);
}

/// Asks once more, by a form without fields.
Task<Json> confirm_deletion(AdResource& context, Request& request) {
  const Ad& ad = context.ad;
  Form form("Delete this job?", path_of(request, "delete_job", ad), "Delete", {});
  form.text("\"" + ad.title + "\" and its attachment are removed for good.");
  form.cancel(path_of(request, "job", ad));
  co_return form.to_json();
}

Task<Response> remove_ad(AdResource& context, Request& request) {
  auto tx = postgres::request_transaction(request);
  co_await delete_ad(tx, context.ad.id);
  flash(request, "Your job is deleted.");
  co_return HTTPSeeOther(request.route_url("jobs"));
}

}  // namespace

void include_editing(Configurator& config) {
  const std::string form = "templates/form.html";
  const std::string ad = kAdPath;
  config.add_route("new_job", "/jobs/new", {.factory = new_ad_factory});
  config.add_view(new_ad, {.route_name = "new_job", .renderer = form, .permission = "create"});
  config.add_view(save_new_ad,
                  {.route_name = "new_job", .permission = "create", .request_method = "POST"});
  config.add_route("edit_job", ad + "/edit", {.factory = ad_factory});
  config.add_view(edit_ad, {.route_name = "edit_job", .renderer = form, .permission = "edit"});
  config.add_view(save_ad,
                  {.route_name = "edit_job", .permission = "edit", .request_method = "POST"});
  config.add_route("delete_job", ad + "/delete", {.factory = ad_factory});
  config.add_view(confirm_deletion,
                  {.route_name = "delete_job", .renderer = form, .permission = "edit"});
  config.add_view(remove_ad,
                  {.route_name = "delete_job", .permission = "edit", .request_method = "POST"});
}

}  // namespace jobs

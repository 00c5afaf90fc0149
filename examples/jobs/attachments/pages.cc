// The file of an ad: who edits the ad uploads it, everybody downloads it.
#include <utility>

#include "../ads/resources.h"
#include "../forms.h"
#include "../messages.h"
#include "../views.h"
#include "attachments.h"
#include "file_names.h"

namespace jobs {

using namespace aiopyr;

namespace {

RouteValues values_of(const Ad& ad) { return {{"id", std::to_string(ad.id)}}; }

Form upload_form(Request& request, const Ad& ad) {
  Form form("Attachment", request.route_path("edit_attachment", values_of(ad)), "Upload",
            {{.name = "file",
              .label = "File",
              .kind = "file",
              .hint = "One file of at most 2 MiB, such as a PDF. It takes the place of the one "
                      "before."}});
  form.text("For \"" + ad.title + "\".");
  return form.cancel(request.route_path("job", values_of(ad)));
}

Task<Json> edit_attachment(AdResource& context, Request& request) {
  const Ad& ad = context.ad;
  Json page = upload_form(request, ad).to_json();
  page["attachment"] = ad.attachment ? Json(*ad.attachment) : Json();
  page["remove_url"] = request.route_path("remove_attachment", values_of(ad));
  co_return page;
}

Response to_ad_of_file(Request& request, const Ad& ad) {
  return HTTPSeeOther(request.route_url("job", values_of(ad)));
}

Task<Response> upload(AdResource& context, Request& request) {
  Form form = upload_form(request, context.ad);
  const FileField* const file = request.file("file");
  if (file == nullptr || file->bytes.empty()) form.refuse("file", "Please choose a file.");
  if (file->bytes.size() > kMaxAttachment)
    form.refuse("file", "The file is larger than 2 MiB. Please choose a smaller one.");
  auto tx = postgres::request_transaction(request);
  try {
    co_await put_attachment(tx, context.ad.id, *file);
  } catch (const postgres::SqlError& error) {
    if (!error.is_foreign_key_violation()) throw;
    throw HTTPNotFound("The job was deleted meanwhile.");
  }
  flash(request, "The file is uploaded.");
  co_return to_ad_of_file(request, context.ad);
}

Task<Response> remove_file(AdResource& context, Request& request) {
  auto tx = postgres::request_transaction(request);
  co_await remove_attachment(tx, context.ad.id);
  flash(request, "The file is removed.");
  co_return to_ad_of_file(request, context.ad);
}

Task<Response> download(AdResource& context, Request& request) {
  const auto file = co_await find_attachment(database(request), context.ad.id);
  if (!file) throw HTTPNotFound("This job has no attachment.");
  std::string bytes(reinterpret_cast<const char*>(file->bytes.data()), file->bytes.size());
  Response response(std::move(bytes), 200, file->content_type);
  response.headers().set("Content-Disposition", content_disposition(file->filename));
  co_return response;
}

}  // namespace

void include_attachments(Configurator& config) {
  const std::string path = std::string(kAdPath) + "/attachment";
  config.add_route("attachment", path, {.factory = ad_factory});
  config.add_view(download, {.route_name = "attachment", .permission = "view"});
  config.add_route("edit_attachment", path + "/edit", {.factory = ad_factory});
  config.add_view(
      edit_attachment,
      {.route_name = "edit_attachment", .renderer = "templates/form.html", .permission = "edit"});
  config.add_view(
      upload, {.route_name = "edit_attachment", .permission = "edit", .request_method = "POST"});
  config.add_route("remove_attachment", path + "/remove", {.factory = ad_factory});
  config.add_view(
      remove_file,
      {.route_name = "remove_attachment", .permission = "edit", .request_method = "POST"});
}

}  // namespace jobs

// The ads as JSON, for programs.
#include <utility>

#include "../views.h"
#include "resources.h"
#include "search.h"
#include <aiopyr/runtime/text/digest.h>

namespace jobs {

using namespace aiopyr;

namespace {

Json to_json(Request& request, const Ad& ad) {
  const RouteValues values{{"id", std::to_string(ad.id)}};
  return {
      {"id", ad.id},
      {"title", ad.title},
      {"company", ad.company},
      {"place", ad.place},
      {"description", ad.description},
      {"salary", ad.salary ? Json(*ad.salary) : Json()},
      {"posted_at", ad.posted_at},
      {"updated_at", ad.updated_at},
      {"url", request.route_url("job", values)},
      {"attachment_url", ad.attachment ? Json(request.route_url("attachment", values)) : Json()}};
}

/// Returns JSON with an ETag: who has the same already is answered 304.
Response tagged_json(const Json& value) {
  static const HashAlgorithm sha256("sha256");
  Response response = Response::json(value);
  response.set_etag(sha256.hexdigest(response.body()));
  response.set_conditional_response(true);
  response.headers().set("Cache-Control", "public, no-cache");
  return response;
}

Task<Response> api_list(Request& request) {
  const auto page = page_number(request.GET().get("page", "1"));
  if (!page) throw HTTPBadRequest("page: a number from 1 on is expected");
  auto searching = search_ads(database(request), search_words(request), *page);
  const Search search = co_await std::move(searching);
  Json ads = Json::array();
  for (const Ad& ad : search.ads) ads.push_back(to_json(request, ad));
  co_return tagged_json({{"count", search.paging.count},
                         {"page", search.paging.page},
                         {"pages", search.paging.pages()},
                         {"jobs", std::move(ads)}});
}

Task<Response> api_view(AdResource& context, Request& request) {
  co_return tagged_json(to_json(request, context.ad));
}

}  // namespace

void include_api(Configurator& config) {
  config.add_route("api_jobs", "/api/jobs");
  config.add_view(api_list, {.route_name = "api_jobs", .request_method = "GET"});
  config.add_route("api_job", std::string("/api") + kAdPath, {.factory = ad_factory});
  config.add_view(api_view, {.route_name = "api_job", .request_method = "GET"});
}

}  // namespace jobs

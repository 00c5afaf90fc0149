// The list of ads, and an ad.
#include <utility>

#include "../rates/rates.h"
#include "../views.h"
#include "resources.h"
#include "search.h"

namespace jobs {

using namespace aiopyr;

namespace {

/// Returns a link to another page of the same list; nothing where there is none.
Json page_url(Request& request, const Search& search, std::int64_t page, std::string currency) {
  if (page < 1 || page > search.paging.pages()) return nullptr;
  return request.route_path(
      "jobs", {},
      {.query = {{"q", search.words}, {"currency", currency}, {"page", std::to_string(page)}}});
}

/// Returns what the list and the page of an ad show of it. The template escapes it.
Json ad_json(Request& request, const Ad& ad, const SalaryText& salary) {
  return {{"title", ad.title},
          {"company", ad.company},
          {"place", ad.place},
          {"salary", salary(ad.salary)},
          {"posted_on", ad.posted_at.substr(0, 10)},
          {"url",
           request.route_path("job", {{"id", std::to_string(ad.id)}}, {.query = salary.query()})}};
}

Task<Json> list(Request& request) {
  const std::int64_t page = page_number(request.GET().get("page", "")).value_or(1);
  const SalaryText salary = co_await salary_text(request);
  auto searching = search_ads_within(database(request), search_words(request), page);
  const Search search = co_await std::move(searching);
  Json ads = Json::array();
  for (const Ad& ad : search.ads) ads.push_back(ad_json(request, ad, salary));
  const Paging& paging = search.paging;
  const bool has_pages = paging.pages() > 1;
  co_return Json{{"title", search.words.empty() ? "Jobs" : "Jobs: " + search.words},
                 {"words", search.words},
                 {"count", paging.count},
                 {"is_one", paging.count == 1},
                 {"ads", std::move(ads)},
                 {"currencies", salary.choices()},
                 {"rates_missing", salary.is_missing()},
                 {"has_pages", has_pages},
                 {"page", paging.page},
                 {"pages", paging.pages()},
                 {"previous_url", page_url(request, search, paging.page - 1, salary.currency())},
                 {"next_url", page_url(request, search, paging.page + 1, salary.currency())}};
}

Task<Json> view(AdResource& context, Request& request) {
  const Ad& ad = context.ad;
  const SalaryText salary = co_await salary_text(request);
  const PermitsResult may_edit = co_await request.has_permission("edit");
  const RouteValues values{{"id", std::to_string(ad.id)}};
  Json page = ad_json(request, ad, salary);
  page["owner"] = ad.owner;
  page["description"] = ad.description;
  page["rates_missing"] = salary.is_missing();
  page["may_edit"] = static_cast<bool>(may_edit);
  page["attachment"] = ad.attachment ? Json(*ad.attachment) : Json();
  page["attachment_url"] = request.route_path("attachment", values);
  page["apply_url"] = request.route_path("apply", values);
  page["edit_url"] = request.route_path("edit_job", values);
  page["edit_attachment_url"] = request.route_path("edit_attachment", values);
  page["delete_url"] = request.route_path("delete_job", values);
  co_return page;
}

}  // namespace

void include_ads(Configurator& config) {
  config.add_route("jobs", "/");
  config.add_view(list, {.route_name = "jobs", .renderer = "templates/jobs.html"});
  config.add_route("job", kAdPath, {.factory = ad_factory});
  config.add_view(view,
                  {.route_name = "job", .renderer = "templates/job.html", .permission = "view"});
}

}  // namespace jobs

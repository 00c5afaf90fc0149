// Pages: viewing, adding, editing, and their history.
#include "../shared/lines.h"
#include "resources.h"
#include "security.h"
#include "store.h"
#include "views.h"
#include "wiki_text.h"

namespace wiki {

using namespace aiopyr;

namespace {

constexpr int kShownRevisions = 50;

Response to_page(Request& request, const std::string& pagename) {
  return HTTPSeeOther(request.route_url("view_page", {{"pagename", pagename}}));
}

Response view_wiki(Request& request) { return to_page(request, "FrontPage"); }

/// Converts a piece for the template, which escapes it: a word with its link, or plain text.
Json to_json(const Piece& piece, const std::set<std::string>& existing, Request& request) {
  if (!piece.is_wiki_word) return Json{{"text", piece.text}};
  const bool exists = existing.contains(piece.text);
  const std::string url =
      request.route_path(exists ? "view_page" : "add_page", {{"pagename", piece.text}});
  return Json{{"text", piece.text}, {"url", url}, {"exists", exists}};
}

Json to_json(const std::vector<Block>& blocks, const std::set<std::string>& existing,
             Request& request) {
  Json shown = Json::array();
  for (const Block& block : blocks) {
    Json lines = Json::array();
    for (const Line& line : block.lines) {
      Json pieces = Json::array();
      for (const Piece& piece : line) pieces.push_back(to_json(piece, existing, request));
      lines.push_back({{"pieces", std::move(pieces)}});
    }
    shown.push_back({{"is_list", block.is_list}, {"lines", std::move(lines)}});
  }
  return shown;
}

Json to_json(const Revision& revision) {
  return {{"number", revision.number},
          {"data", revision.data},
          {"editor", revision.editor},
          {"saved_at", revision.saved_at}};
}

Task<Json> view_page(PageResource& context, Request& request) {
  const Page& page = context.page;
  const auto blocks = parse_text(page.current.data);
  const auto words = wiki_words(blocks);
  const auto existing = co_await store_of(request).existing_pages(words);
  const RouteValues values{{"pagename", page.name}};
  co_return Json{{"title", page.name},
                 {"creator", page.creator},
                 {"current", to_json(page.current)},
                 {"blocks", to_json(blocks, existing, request)},
                 {"edit_url", request.route_path("edit_page", values)},
                 {"history_url", request.route_path("page_history", values)}};
}

Task<Json> page_history(PageResource& context, Request& request) {
  const Page& page = context.page;
  Json revisions = Json::array();
  const auto found = co_await store_of(request).revisions(page.id, kShownRevisions);
  for (const Revision& revision : found) revisions.push_back(to_json(revision));
  co_return Json{{"title", "History of " + page.name},
                 {"pagename", page.name},
                 {"page_url", request.route_path("view_page", {{"pagename", page.name}})},
                 {"revisions", std::move(revisions)}};
}

Json edit_form(Request& request, const std::string& pagename, const std::string& route_name) {
  const RouteValues values{{"pagename", pagename}};
  return Json{{"title", "Editing " + pagename},
              {"pagename", pagename},
              {"save_url", request.route_path(route_name, values)}};
}

Task<Json> edit_page(PageResource& context, Request& request) {
  Json form = edit_form(request, context.page.name, "edit_page");
  form["body"] = context.page.current.data;
  form["revision"] = context.page.current.number;
  form["cancel_url"] = request.route_path("view_page", {{"pagename", context.page.name}});
  co_return form;
}

Task<Json> add_page(NewPage& context, Request& request) {
  Json form = edit_form(request, context.pagename, "add_page");
  form["is_new"] = true;
  form["cancel_url"] = request.route_path("view_wiki");
  co_return form;
}

std::string sent_text(Request& request) { return shared::normalize_lines(request.POST()["body"]); }

/// Returns the revision for which the form was made; scripts may omit it, and replace any revision.
std::optional<std::int64_t> seen_revision(Request& request) {
  if (!request.POST().contains("revision")) return std::nullopt;
  return request.POST().get<std::int64_t>("revision");
}

Task<Response> save_page(PageResource& context, Request& request) {
  const std::string& name = context.page.name;
  const std::string data = sent_text(request);
  const auto seen = seen_revision(request);
  const std::optional<User> user = co_await current_user(request);
  co_await store_of(request).edit_page(name, data, user.value().id, seen);
  co_return to_page(request, name);
}

Task<Response> save_new_page(NewPage& context, Request& request) {
  const std::string data = sent_text(request);
  const std::optional<User> user = co_await current_user(request);
  co_await store_of(request).add_page(context.pagename, data, user.value().id);
  co_return to_page(request, context.pagename);
}

/// Handles a conflict with another edit. Shows both texts; saving once more replaces the other one,
/// which the page's history keeps.
Task<Json> edit_conflict(const EditConflict& conflict, Request& request) {
  const Page& page = conflict.page();
  const auto context = std::make_shared<PageResource>(page);
  const PermitsResult may_edit = co_await request.has_permission("edit", context.get());
  request.response().set_status(409);
  Json form = edit_form(request, page.name, "edit_page");
  form["is_conflict"] = true;
  form["may_edit"] = static_cast<bool>(may_edit);
  form["body"] = conflict.refused();
  form["revision"] = page.current.number;
  form["current"] = to_json(page.current);
  form["cancel_url"] = request.route_path("view_page", {{"pagename", page.name}});
  co_return form;
}

// The pattern of a page's name in a route: letters, digits, `_` and `-`.
constexpr const char* kPageName = "{pagename:[\\w-]{1,80}}";
/// The pattern of a new page's name: it excludes names that are other routes.
constexpr const char* kNewPageName = "{pagename:(?!(?:login|logout|static|add_page)$)[\\w-]{1,80}}";

}  // namespace

void include_pages(Configurator& config) {
  const std::string page = std::string("/") + kPageName;
  config.add_route("view_wiki", "/");
  config.add_route("view_page", page, {.factory = page_factory});
  config.add_route("add_page", std::string("/add_page/") + kNewPageName,
                   {.factory = new_page_factory});
  config.add_route("edit_page", page + "/edit_page", {.factory = page_factory});
  config.add_route("page_history", page + "/history", {.factory = page_factory});

  const std::string form = "templates/edit.html";
  config.add_view(view_wiki, {.route_name = "view_wiki", .mapper = FiberMapper{}});
  config.add_view(
      view_page,
      {.route_name = "view_page", .renderer = "templates/view.html", .permission = "view"});
  config.add_view(
      page_history,
      {.route_name = "page_history", .renderer = "templates/history.html", .permission = "view"});
  config.add_view(edit_page, {.route_name = "edit_page", .renderer = form, .permission = "edit"});
  config.add_view(save_page,
                  {.route_name = "edit_page", .permission = "edit", .request_method = "POST"});
  config.add_view(add_page, {.route_name = "add_page", .renderer = form, .permission = "create"});
  config.add_view(save_new_page,
                  {.route_name = "add_page", .permission = "create", .request_method = "POST"});
  config.add_exception_view(edit_conflict, {.renderer = form});
}

}  // namespace wiki

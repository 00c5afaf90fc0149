// The forms of views, and their input from routes: a lambda with a capture, a method of a class, a
// view with a context, parts of the path, and a mapper chosen for a view.
#include <memory>
#include <utility>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace views {

// One object per call; it lives until the method's coroutine has ended.
class ArticleViews {
 public:
  explicit ArticleViews(Request& request) : request_(request) {}

  Task<Json> show() {
    co_await sleep(0.001);
    co_return Json{{"id", request_.matchdict().get<int>("id")}, {"shown", true}};
  }

  Json remove() { return Json{{"id", request_.matchdict().get<int>("id")}, {"removed", true}}; }

 private:
  Request& request_;
};

// The root of traversal in Pyramid; here it is every view's context.
struct Site : Resource {
  std::string title = "features";
};

Task<Json> title(Site& site, Request&) { co_return Json{{"title", site.title}}; }

Json file_path(Request& request) {
  return Json{{"segments", request.matchdict().segments("path")}};
}

}  // namespace views

using namespace views;

void include_views(Configurator& config) {
  config.set_root_factory(
      [site = std::make_shared<Site>()](Request&) -> std::shared_ptr<Resource> { return site; });

  config.add_route("article", "/articles/{id:\\d+}");
  config.add_view(&ArticleViews::show,
                  {.route_name = "article", .renderer = "json", .request_method = "GET"});
  config.add_view(&ArticleViews::remove, {.route_name = "article",
                                          .renderer = "json",
                                          .request_method = "DELETE",
                                          .mapper = ExecutorMapper{}});

  config.add_route("title", "/title");
  config.add_view(title, {.route_name = "title", .renderer = "json"});

  config.add_route("files", "/files/*path");
  config.add_view(file_path, {.route_name = "files", .renderer = "json"});

  config.add_route("greeting", "/greetings/{name}");
  config.add_view([greeting = std::string("Hello, ")](
                      Request& request) { return greeting + request.matchdict()["name"]; },
                  {.route_name = "greeting", .renderer = "string", .mapper = FiberMapper{}});
}

}  // namespace features

// Static files: examples/features/static below /static, with their URLs made by static_path().
#include "features.h"

namespace features {

using namespace aiopyr;

namespace static_files {

// The query changes with the version, so clients may keep a file until then.
Json urls(Request& request) {
  return Json{{"style", request.static_path("static/style.css")},
              {"robots", request.static_url("static/robots.txt", {.query = "", .anchor = "top"})},
              {"tree", request.route_url("tree", {{"traverse", {"cat", "dog"}}})}};
}

}  // namespace static_files

void include_static_files(Configurator& config) {
  config.add_static_view("static", "static");
  config.add_cache_buster("static", QueryStringConstantCacheBuster("1"));
  config.add_route("urls", "/urls");
  config.add_view(static_files::urls,
                  {.route_name = "urls", .renderer = "json", .mapper = FiberMapper{}});
}

}  // namespace features

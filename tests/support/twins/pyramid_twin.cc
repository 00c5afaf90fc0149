// The C++ half of tests/functional/test_pyramid_twins.py: the same app as tests/support/twins/
// pyramid_twin.py in Python's Pyramid. Each route uses one part of the framework, and answers with
// what that part has made of the request.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/aiopyr.h>

namespace {

using namespace aiopyr;

Json to_json(const MultiDict& dict) {
  Json items = Json::array();
  for (const auto& [name, value] : dict) items.push_back({name, value});
  return items;
}

Json files_of(Request& request) {
  Json files = Json::array();
  for (const FileField& file : request.files()) {
    files.push_back({file.name, file.filename, file.content_type, file.bytes});
  }
  return files;
}

/// Returns the value of each name that counts.
Json chosen(const MultiDict& dict) {
  Json values = Json::object();
  for (const auto& [name, value] : dict) values[name] = dict[name];
  return values;
}

/// Reads the part of the request that the path names, and no other part.
Json ask(Request& request) {
  const std::string& what = request.matchdict()["what"];
  if (what == "get") return to_json(request.GET());
  if (what == "post") return to_json(request.POST());
  if (what == "files") return files_of(request);
  if (what == "params") return {to_json(request.params()), chosen(request.params())};
  if (what == "cookies") return request.cookies();
  if (what == "json") return request.json_body();
  if (what == "body") return request.body().size();
  if (what == "type") return request.content_type();
  if (what == "path") return {request.path(), request.path_info(), request.path_qs()};
  return what;
}

auto named(const std::string& name) {
  return [name](Request&) { return name; };
}

void include_asking(Configurator& config) {
  config.add_route("ask", "/ask/{what}");
  config.add_view(ask, {.route_name = "ask", .renderer = "json"});
}

// Tests which of several views is called.
void include_choices(Configurator& config) {
  config.add_route("choice", "/choice");
  const auto add = [&config](const std::string& name, ViewOptions options) {
    options.route_name = "choice";
    options.renderer = "string";
    config.add_view(named(name), std::move(options));
  };
  add("any", {});
  add("post", {.request_method = "POST"});
  add("put or delete", {.request_method = {"PUT", "DELETE"}});
  add("a", {.request_param = "a"});
  add("a=1", {.request_param = "a=1"});
  add("a and b", {.request_param = {"a", "b"}});
  add("post a", {.request_method = "POST", .request_param = "a"});
  add("xhr", {.xhr = true});
  add("header", {.header = "X-Kind"});
  add("header digits", {.header = "X-Kind:\\d+"});
  add("html", {.accept = "text/html"});
  add("json", {.accept = "application/json"});
  add("json v1", {.accept = "application/json;v=1"});
  add("html level 2", {.accept = "text/html;level=2"});
  add("json v1 of a", {.request_param = "a", .accept = "application/json;v=1"});

  config.add_route("strict", "/strict");
  config.add_view(named("v1"),
                  {.route_name = "strict", .renderer = "string", .accept = "application/json;v=1"});
}

// Tests which of several routes is taken.
void include_routes(Configurator& config) {
  const auto show = [](Request& request) {
    Json matched = Json::object();
    for (const auto& [name, value] : request.matchdict().items()) {
      if (name == "rest") {
        matched[name] = request.matchdict().segments(name);
      } else {
        matched[name] = value;
      }
    }
    return Json{{"route", request.matched_route()}, {"matchdict", matched}};
  };
  const auto add = [&](const std::string& name, const std::string& pattern, RouteOptions options) {
    config.add_route(name, pattern, std::move(options));
    config.add_view(show, {.route_name = name, .renderer = "json"});
  };
  add("formed", "/routes/form", {.request_param = "a=form"});
  add("unformed", "/routes/form", {});
  add("digits", "/routes/{n:\\d+}/x", {});
  add("pair", "/routes/{a}-{b}", {});
  add("one", "/routes/{a}", {});
  add("slash", "/slash/{a}/", {});
  config.add_route("never", "/never/{a}/", {.is_static = true});
  config.add_route("elsewhere", "https://example.com/elsewhere/");
  add("rest", "/rest/*rest", {});
  add("colon", "/colon/{a}/:b", {});
  config.add_notfound_view(
      [](Request& request) {
        return Response("nothing at " + std::string(request.path_info()), 404);
      },
      {}, AppendSlash::kYes);
}

// Tests traversal.
class Node : public Resource {
 public:
  using Resource::Resource;
  std::shared_ptr<Resource> getitem(std::string_view key) override {
    const auto child = children_.find(key);
    return child == children_.end() ? nullptr : child->second;
  }
  Node& add(const std::string& name) {
    auto child = std::make_shared<Node>(name, *this);
    children_[name] = child;
    return *child;
  }

 private:
  std::map<std::string, std::shared_ptr<Node>, std::less<>> children_;
};

std::shared_ptr<Resource> make_tree(Request&) {
  static const auto root = [] {
    auto made = std::make_shared<Node>();
    made->add("a").add("b").add("c d");
    made->add("\u00e9");
    return made;
  }();
  return root;
}

void include_tree(Configurator& config) {
  const auto show = [](const std::string& view) {
    return [view](Resource& context, Request& request) {
      return Json{{"view", view},
                  {"context", resource_path(context)},
                  {"name", request.view_name()},
                  {"subpath", request.subpath()},
                  {"traversed", request.traversed()},
                  {"url", request.resource_url(context, {.query = request.GET()})}};
    };
  };
  config.add_route("tree", "/tree/*traverse", {.factory = make_tree});
  config.add_view(show("default"), {.route_name = "tree", .renderer = "json"});
  config.add_view(show("edit"), {.route_name = "tree", .name = "edit", .renderer = "json"});
  config.add_view(
      show("edit of b"),
      {.route_name = "tree", .name = "edit", .renderer = "json", .physical_path = "/a/b"});
}

// Tests a view around another.
void include_frames(Configurator& config) {
  config.add_route("framed", "/framed/{kind}");
  config.add_view(
      [](Request& request) {
        request.response().set_status(202);
        request.response().headers().set("X-Inner", "1");
        return request.matchdict()["kind"];
      },
      {.route_name = "framed", .renderer = "string", .wrapper = "frame"});
  config.add_view(
      [](Request&) {
        Response response("made", 201, "text/plain");
        response.headers().set("X-Inner", "2");
        return response;
      },
      {.route_name = "framed", .match_param = "kind=response", .wrapper = "frame"});
  config.add_view([](Request&) -> Response { throw HTTPForbidden("not framed"); },
                  {.route_name = "framed", .match_param = "kind=forbidden", .wrapper = "frame"});
  config.add_view([](Request& request) { return "[" + request.wrapped_response()->body() + "]"; },
                  {.name = "frame", .renderer = "string"});
}

// Tests answers.
void include_answers(Configurator& config) {
  config.add_route("jsonp", "/jsonp");
  config.add_renderer("jsonp", [](const RendererInfo&) { return make_jsonp_renderer("callback"); });
  config.add_view(
      [](Request& request) {
        return Json{{"q", request.GET().get("q", "")}};
      },
      {.route_name = "jsonp", .renderer = "jsonp"});

  config.add_route("raise", "/raise/{code}");
  config.add_view(
      [](Request& request) -> Response {
        const int code = request.matchdict().get<int>("code");
        const auto answer = exception_response(code, request.GET().get("why", ""));
        answer->raise();
        return {};  // unreachable, which g++ 12 does not see
      },
      {.route_name = "raise"});

  config.add_route("set_cookie", "/set_cookie");
  config.add_view(
      [](Request& request) {
        Response response("set");
        response.set_cookie(request.GET().get("name", "n"), request.GET().get("value", ""));
        return response;
      },
      {.route_name = "set_cookie"});

  config.add_route("urls", "/urls");
  config.add_view(
      [](Request& request) {
        const std::string a = request.GET().get("a", "");
        return Json{request.route_path("one", {{"a", a}}),
                    request.route_path("one", {{"a", a}}, {.query = request.GET(), .anchor = a}),
                    request.route_path("rest", {{"rest", a}}, {.elements = {a, "x"}}),
                    request.route_url("elsewhere", {}, {.query = {{a, a}}})};
      },
      {.route_name = "urls", .renderer = "json"});

  config.add_route("etag", "/etag");
  config.add_view(
      [](Request&) {
        Response response("tagged");
        response.set_etag("e");
        response.set_conditional_response(true);
        return response;
      },
      {.route_name = "etag"});

  config.set_csrf_storage_policy(CookieCSRFStoragePolicy());
  config.add_route("csrf", "/csrf");
  config.add_view(named("passed"),
                  {.route_name = "csrf", .renderer = "string", .require_csrf = true});
}

// Tests the order of tweens and derivers: for each of the lists in the body.
template <class Options>
Options options_of(const Json& wish) {
  const auto list = [&wish](const char* key) {
    StringList names;
    if (!wish.contains(key)) return names;
    // Each list has at most two.
    const auto values = wish[key].get<std::vector<std::string>>();
    return values.size() == 1 ? StringList(values[0]) : StringList{values[0], values[1]};
  };
  return {.name = wish["name"].get<std::string>(), .over = list("over"), .under = list("under")};
}

template <class F>
Json orders_of(const Json& cases, F names_of) {
  Json orders = Json::array();
  for (const Json& wishes : cases) {
    try {
      orders.push_back(names_of(wishes));
    } catch (const ConfigurationError&) {
      orders.push_back(nullptr);
    }
  }
  return orders;
}

Json tween_orders(Request& request) {
  return orders_of(request.json_body(), [](const Json& wishes) {
    TweenChain chain;
    for (const Json& wish : wishes) {
      chain.add(options_of<TweenOptions>(wish), [](Handler next, Registry&) { return next; });
    }
    return chain.names();
  });
}

Json deriver_orders(Request& request) {
  return orders_of(request.json_body(), [](const Json& wishes) {
    ViewDerivers derivers;
    for (const Json& wish : wishes) {
      derivers.add(options_of<ViewDeriverOptions>(wish),
                   [](ViewFunction view, const ViewDeriverInfo&) { return view; });
    }
    return derivers.names();
  });
}

void app(Configurator& config) {
  config.set_view_mapper(FiberMapper{});
  config.include(include_asking);
  config.include(include_choices);
  config.include(include_routes);
  config.include(include_tree);
  config.include(include_frames);
  config.include(include_answers);
  config.add_route("tweens", "/tweens");
  config.add_view(tween_orders, {.route_name = "tweens", .renderer = "json"});
  config.add_route("derivers", "/derivers");
  config.add_view(deriver_orders, {.route_name = "derivers", .renderer = "json"});
}

}  // namespace

AIOPYR_APP(app);

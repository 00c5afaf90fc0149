#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include "tests/unit/support/tree.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;
using Segments = std::vector<std::string>;

namespace {

std::string joined(const Segments& segments) {
  std::string text;
  for (const std::string& segment : segments) text += "," + segment;
  return text.empty() ? text : text.substr(1);
}

/// An app that shows the result of traversal as `context|view name|subpath|traversed|virtual root`.
/// A tween records it, because most of the paths lead to no view.
struct TraversalApp : TestApp {
  TraversalApp() {
    config.set_view_mapper(FiberMapper{});
    root->add("a").add("b");
    config.set_root_factory([root = root](Request&) { return root; });
    config.add_tween([this](Handler next, Registry&) -> Handler {
      return [this, next](Request& request) {
        const Response response = next(request);
        note(request);
        return response;
      };
    });
  }

  void note(Request& request) {
    if (request.context() == nullptr) return;
    found = resource_path(*request.context()) + "|" + request.view_name() + "|" +
            joined(request.subpath()) + "|" + joined(request.traversed()) + "|" +
            resource_path(*request.virtual_root()) + "|" + joined(request.virtual_root_path());
  }

  std::string find(const std::string& path, MapEnviron::Variables more = {}) {
    found.clear();
    get(path, std::move(more));
    return found;
  }

  std::shared_ptr<Node> root = std::make_shared<Node>();
  std::string found;
};

}  // namespace

TEST_CASE("without a route the path of the request is traversed", "[web][traverser]") {
  TraversalApp app;
  CHECK(app.find("/") == "/||||/|");
  CHECK(app.find("/a/b") == "/a/b|||a,b|/|");
  CHECK(app.find("/a/b/") == "/a/b|||a,b|/|");
  CHECK(app.find("/a/c/d/e") == "/a|c|d,e|a|/|");
  CHECK(app.find("/a/@@b/x") == "/a|b|x|a|/|");
}

TEST_CASE("with a route the context is the root unless it has a traverse", "[web][traverser]") {
  TraversalApp app;
  app.config.add_route("plain", "/plain/{x}");
  app.config.add_route("rest", "/rest/*traverse");
  app.config.add_route("text", "/text/{traverse}");
  app.config.add_route("option", "/option/{x}/{y}", {.traverse = "/{x}/{y}"});
  app.config.add_route("both", "/both/{x}/*traverse", {.traverse = "/{x}"});
  CHECK(app.find("/plain/a") == "/||||/|");
  CHECK(app.find("/rest/a/b") == "/a/b|||a,b|/|");
  CHECK(app.find("/rest/") == "/||||/|");
  CHECK(app.find("/text/a") == "/a|||a|/|");
  CHECK(app.find("/option/a/b") == "/a/b|||a,b|/|");
  CHECK(app.find("/option/a/edit") == "/a|edit||a|/|");
  CHECK(app.find("/both/b/a") == "/a|||a|/|");
}

TEST_CASE("a traverse option is read as segments, whatever the values hold", "[web][traverser]") {
  TraversalApp app;
  app.root->add("\xc3\xa9 %");
  app.config.add_route("option", "/option/{x}", {.traverse = "/{x}"});
  CHECK(app.find("/option/\xc3\xa9 %") == "/%C3%A9%20%25|||\xc3\xa9 %|/|");
}

TEST_CASE("a route's traverse is in the matchdict as in Pyramid", "[web][traverser]") {
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_route("option", "/{x}", {.traverse = "/"});
  app.config.add_view(
      [](Request& r) {
        return Response(std::to_string(r.matchdict().segments("traverse").size()));
      },
      {.route_name = "option"});
  CHECK(app.get("/a").body() == "0");
}

TEST_CASE("a route's subpath is the rest of its pattern of that name", "[web][traverser]") {
  TraversalApp app;
  app.config.add_route("rest", "/rest/*subpath");
  app.config.add_route("text", "/text/{subpath:.*}");
  CHECK(app.find("/rest/x/y") == "/||x,y||/|");
  CHECK(app.find("/text/x/y") == "/||x,y||/|");
}

TEST_CASE("the virtual root comes before the path and is found on the way", "[web][traverser]") {
  TraversalApp app;
  app.root->children["a"]->children["b"]->add("c");
  CHECK(app.find("/b", {{"HTTP_X_VHM_ROOT", "/a"}}) == "/a/b|||a,b|/a|a");
  CHECK(app.find("/c", {{"HTTP_X_VHM_ROOT", "/a/b"}}) == "/a/b/c|||a,b,c|/a/b|a,b");
  CHECK(app.find("/", {{"HTTP_X_VHM_ROOT", "/a/b"}}) == "/a/b|||a,b|/a/b|a,b");
  CHECK(app.find("/b", {{"HTTP_X_VHM_ROOT", "/"}}) == "/|b|||/|");
  // Pyramid counts the virtual root twice if the path ends early.
  CHECK(app.find("/x/y", {{"HTTP_X_VHM_ROOT", "/a"}}) == "/a|x|y|a|/a|a");
  CHECK(app.find("/x", {{"HTTP_X_VHM_ROOT", "/none"}}) == "/|none|x||/|none");
}

TEST_CASE("a virtual root that is not UTF-8 is a bad request", "[web][traverser]") {
  TraversalApp app;
  CHECK(app.get("/", {{"HTTP_X_VHM_ROOT", "/\xff"}}).status_code() == 400);
}

TEST_CASE("virtual_root gives the object that the client sees as the root", "[web][traverser]") {
  const auto root = std::make_shared<Node>();
  Node& one = root->add("one");
  Node& two = one.add("two");
  const auto path_for = [&](Resource& resource, std::string header) {
    MapEnviron variables(MapEnviron::Variables{{"HTTP_X_VHM_ROOT", std::move(header)}});
    Request request(variables);
    return resource_path(*virtual_root(resource, request));
  };
  CHECK(path_for(two, "/one") == "/one");
  CHECK(path_for(one, "/one") == "/one");
  CHECK(path_for(two, "") == "/");
  CHECK(path_for(two, "/on") == "/");
  CHECK_THROWS_AS(path_for(two, "/\xff"), HTTPBadRequest);
}

TEST_CASE("a route's own factory gives its root", "[web][traverser]") {
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  const auto other = std::make_shared<Node>();
  other->add("x");
  app.config.add_route("other", "/other/*traverse",
                       {.factory = [other](Request&) { return other; }});
  app.config.add_view([&](Request& request) { return Response(resource_path(*request.context())); },
                      {.route_name = "other"});
  CHECK(app.get("/other/x").body() == "/x");
  CHECK(other.use_count() == 2);
}

TEST_CASE("a route's factory without a root is an error that names the route", "[web][traverser]") {
  TestApp app;
  app.config.add_route("other", "/other", {.factory = [](Request&) { return nullptr; }});
  CHECK(app.get("/other").status_code() == 500);
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("the route 'other' gave no root"));
}

TEST_CASE("all ancestors of the context live as long as the request", "[web][traverser]") {
  struct Maker : Resource {
    explicit Maker(int& n) : alive(n) { ++alive; }
    ~Maker() override { --alive; }
    std::shared_ptr<Resource> getitem(std::string_view key) override {
      return key == "end" ? nullptr : std::make_shared<Maker>(alive);
    }
    int& alive;
  };
  int alive = 0;
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  app.config.set_root_factory([&](Request&) { return std::make_shared<Maker>(alive); });
  app.config.add_view(
      [&](Request& r) { return Response(resource_path(*r.context()) + std::to_string(alive)); },
      {.name = "end"});
  CHECK(app.get("/a/b/end").body() == "/a/b3");
  CHECK(alive == 0);
}

TEST_CASE("a context whose ancestor is gone is an error and not a root", "[web][traverser]") {
  struct Orphanage : Resource {
    std::shared_ptr<Resource> getitem(std::string_view key) override {
      return std::make_shared<Resource>(std::string(key), *std::make_shared<Resource>());
    }
  };
  TestApp app;
  app.config.set_root_factory([](Request&) { return std::make_shared<Orphanage>(); });
  app.config.add_view([](Request&) { return Response("secret"); });
  CHECK(app.get("/x").status_code() == 500);
}

TEST_CASE("a custom traverser replaces the algorithm for its class of roots", "[web][traverser]") {
  struct Special : Node {};
  const auto special = std::make_shared<Special>();
  TraversalApp app;
  app.config.add_route("special", "/special", {.factory = [=](Request&) { return special; }});
  app.config.add_traverser<Special>([](const std::shared_ptr<Resource>& root, Request&) {
    return Traversal{.context = root, .view_name = "chosen", .subpath = {"s"}};
  });
  CHECK(app.find("/special") == "/|chosen|s||/|");
  CHECK(app.find("/a") == "/a|||a|/|");
}

TEST_CASE("a custom traverser without a context is the app's error", "[web][traverser]") {
  TestApp app;
  app.config.add_traverser([](const std::shared_ptr<Resource>&, Request&) { return Traversal{}; });
  CHECK(app.get("/").status_code() == 500);
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("no context"));
}

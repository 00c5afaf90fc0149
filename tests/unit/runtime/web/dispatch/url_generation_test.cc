// The expected values are those of Debian's python3-pyramid 2.0 for the same calls.
#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include "tests/unit/support/temporary_folder.h"
#include "tests/unit/support/tree.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/traversal/traversal.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

/// A request to an app with some routes.
struct Site {
  explicit Site(MapEnviron::Variables variables = {{"HTTP_HOST", "localhost"},
                                                   {"SERVER_PORT", "80"}})
      : environ(std::move(variables)) {
    config.add_route("home", "/");
    config.add_route("r", "/a b/{x}/end/*rest");
    config.add_route("plain", "/n");
    config.add_route("external", "https://example.com/{id}");
    config.add_route("same_scheme", "//example.com/x");
    config.add_route("items", "/{id}/items*traverse");
  }
  Request& request() {
    if (!made) {
      config.commit();
      made.emplace(environ, config.registry());
    }
    return *made;
  }
  /// Matches the route of a path.
  Request& at(const std::string& path) {
    environ = MapEnviron({{"HTTP_HOST", "localhost"},
                          {"SERVER_PORT", "80"},
                          {"PATH_INFO", path},
                          {"QUERY_STRING", "q=1&q=2"}});
    config.registry().routes.match(request());
    return *made;
  }

  Configurator config;
  MapEnviron environ;
  std::optional<Request> made;
};

}  // namespace

TEST_CASE("route_url quotes what fills the placeholders and the pattern itself", "[web][url]") {
  Site site;
  CHECK(site.request().route_url(
            "r", {{"x", "a/b c?&;\xc3\xa9~!$'()*+,=:@%#[]"}, {"rest", {"p/q", "r s"}}}) ==
        "http://localhost/a%20b/a/b%20c%3F&;%C3%A9~!$'()*+,=:@%25%23%5B%5D/end/p/q/r%20s");
  CHECK(site.request().route_url("r", {{"x", 1}, {"rest", "p/q r"}}) ==
        "http://localhost/a%20b/1/end/p/q%20r");
  CHECK(site.request().route_url("r", {{"x", std::string("1")}, {"rest", ""}, {"other", "y"}}) ==
        "http://localhost/a%20b/1/end/");
}

TEST_CASE("route_url appends elements, query and anchor", "[web][url]") {
  Site site;
  CHECK(site.request().route_url(
            "plain", {},
            {.query = {{"a", "b c"}, {"d", {"1", "2"}}, {"e", ""}, {"f", "\xc3\xa9/&="}},
             .anchor = "a b/\xc3\xa9#"}) ==
        "http://localhost/n?a=b+c&d=1&d=2&e=&f=%C3%A9%2F%26%3D#a%20b/%C3%A9%23");
  CHECK(site.request().route_url("home", {}, {.query = "foo bar=1&\xc3\xa9#"}) ==
        "http://localhost/?foo%20bar=1&%C3%A9%23");
  CHECK(site.request().route_url("home", {}, {.elements = {"a/b", "c d"}}) ==
        "http://localhost/a%2Fb/c%20d");
  CHECK(site.request().route_url("plain", {}, {.elements = {"x"}}) == "http://localhost/n/x");
  CHECK(site.request().route_url("plain", {}, {.query = MultiDict{{"a", "1"}, {"a", "2"}}}) ==
        "http://localhost/n?a=1&a=2");
  CHECK(site.request().route_url("plain", {}, {.query = MultiDict{}}) == "http://localhost/n");
}

TEST_CASE("scheme, host, port and app_url replace the request's, without default ports",
          "[web][url]") {
  Site site;
  const auto url = [&](const UrlOptions& options) {
    return site.request().route_url("plain", {}, options);
  };
  CHECK(url({.scheme = "https"}) == "https://localhost/n");
  CHECK(url({.host = "h:81"}) == "http://h:81/n");
  CHECK(url({.port = 8080}) == "http://localhost:8080/n");
  CHECK(url({.scheme = "https", .port = 443}) == "https://localhost/n");
  CHECK(url({.app_url = "http://q/z"}) == "http://q/z/n");
  CHECK(url({.host = "[::1]:81", .port = 82}) == "http://[::1]:82/n");
}

TEST_CASE("the script name and the server's port are in the URL", "[web][url]") {
  Site site({{"SERVER_NAME", "srv"},
             {"SERVER_PORT", "6543"},
             {"HTTP_HOST", "srv:6543"},
             {"SCRIPT_NAME", "/app"},
             {"PATH_INFO", "/cur"}});
  const auto url = [&](const UrlOptions& options) {
    return site.request().route_url("plain", {}, options);
  };
  CHECK(url({}) == "http://srv:6543/app/n");
  CHECK(site.request().route_path("plain") == "/app/n");
  CHECK(url({.scheme = "https"}) == "https://srv/app/n");
  CHECK(url({.scheme = "http"}) == "http://srv/app/n");
  CHECK(url({.host = "other"}) == "http://other:6543/app/n");
  CHECK(url({.port = 80}) == "http://srv/app/n");
}

TEST_CASE("a missing value or route is a KeyError that names it", "[web][url]") {
  Site site;
  CHECK_THROWS_AS(site.request().route_url("r", {{"x", "1"}}), KeyError);
  CHECK_THROWS_WITH(site.request().route_url("r", {{"x", "1"}}),
                    Contains("'r'") && Contains("'rest'"));
  CHECK_THROWS_AS(site.request().route_url("none"), KeyError);
  CHECK_THROWS_WITH(site.request().route_url("none"), Contains("'none'") && Contains("plain"));
}

TEST_CASE("an external route leads to another site and has no path here", "[web][url]") {
  Site site;
  CHECK(site.request().route_url("external", {{"id", 5}}) == "https://example.com/5");
  CHECK(site.request().route_url("external", {{"id", 5}}, {.scheme = "http"}) ==
        "http://example.com/5");
  CHECK(site.request().route_url("same_scheme") == "http://example.com/x");
  CHECK_THROWS_WITH(site.request().route_path("external", {{"id", 5}}),
                    Contains("another site") && Contains("route_url()"));
}

TEST_CASE("a pregenerator changes what the URL is made of", "[web][url]") {
  Site site;
  site.config.add_route("l", "/{lang}/{x}",
                        {.pregenerator = [](Request&, RouteValues& values, UrlOptions& options) {
                          if (values.find("lang") == nullptr) values.set("lang", "de");
                          options.query.add("v", 2);
                        }});
  CHECK(site.request().route_url("l", {{"x", "1"}}) == "http://localhost/de/1?v=2");
  CHECK(site.request().route_url("l", {{"x", "1"}, {"lang", "fr"}}, {.query = "a=b"}) ==
        "http://localhost/fr/1?a=b&v=2");
}

TEST_CASE("current_route_url keeps the matchdict and the query unless told otherwise",
          "[web][url]") {
  Site site;
  Request& request = site.at("/a b/1/end/a/b");
  CHECK(request.current_route_url() == "http://localhost/a%20b/1/end/a/b?q=1&q=2");
  CHECK(request.current_route_url({{"x", "9"}}, {.query = ""}) ==
        "http://localhost/a%20b/9/end/a/b");
  CHECK(request.current_route_path({}, {.elements = {"el"}}) == "/a%20b/1/end/a/b/el?q=1&q=2");
}

TEST_CASE("current_route_url needs a route", "[web][url]") {
  Site site;
  CHECK_THROWS_WITH(site.at("/none").current_route_url(),
                    Contains("no route has matched") && Contains("/none"));
}

namespace {

struct Located {
  std::shared_ptr<Node> root = std::make_shared<Node>();
  Node& one = root->add("one");
  Node& two = one.add("t wo");
};

}  // namespace

TEST_CASE("resource_url ends with a slash unless elements follow", "[web][url]") {
  Site site;
  Located tree;
  Request& request = site.request();
  CHECK(request.resource_url(*tree.root) == "http://localhost/");
  CHECK(request.resource_url(tree.two) == "http://localhost/one/t%20wo/");
  CHECK(request.resource_url(tree.two, {.elements = {"a b", "c"}}) ==
        "http://localhost/one/t%20wo/a%20b/c");
  CHECK(
      request.resource_url(*tree.root, {.elements = {"x"}, .query = {{"q", "1"}}, .anchor = "z"}) ==
      "http://localhost/x?q=1#z");
  CHECK(request.resource_url(tree.one, {.scheme = "https"}) == "https://localhost/one/");
  CHECK(request.resource_path(tree.two) == "/one/t%20wo/");
}

TEST_CASE("resource_url strips the virtual root", "[web][url]") {
  Site site({{"HTTP_HOST", "localhost"}, {"HTTP_X_VHM_ROOT", "/one/"}});
  Located tree;
  CHECK(site.request().resource_url(tree.two) == "http://localhost/t%20wo/");
  CHECK(site.request().resource_url(tree.one) == "http://localhost/");
  CHECK(site.request().resource_url(*tree.root) == "http://localhost/");
}

TEST_CASE("resource_url refuses a virtual root that is not UTF-8", "[web][url]") {
  Site site({{"HTTP_HOST", "localhost"}, {"HTTP_X_VHM_ROOT", "/\xff"}});
  Located tree;
  CHECK_THROWS_AS(site.request().resource_url(tree.two), HTTPBadRequest);
}

TEST_CASE("resource_url fills the remainder of a route with the resource's path", "[web][url]") {
  Site site;
  Located tree;
  CHECK(site.request().resource_url(tree.two, {.route_name = "items", .route_kw = {{"id", 7}}}) ==
        "http://localhost/7/items/one/t%20wo/");
  CHECK(site.request().resource_url(*tree.root, {.route_name = "items", .route_kw = {{"id", 7}}}) ==
        "http://localhost/7/items");
}

TEST_CASE("a resource may have a URL of its own", "[web][url]") {
  struct Elsewhere : Resource {
    std::optional<std::string> resource_url(Request&, const ResourceUrlInfo& info) override {
      return info.app_url + "/else" + info.physical_path;
    }
  };
  Site site;
  Elsewhere resource;
  CHECK(site.request().resource_url(resource, {.elements = {"x"}}) == "http://localhost/else/x");
}

namespace {

struct StaticSite : Site {
  StaticSite() { config.add_static_view("static", folder.path().string()); }
  std::string file(const std::string& name) const { return folder.path() / name; }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("static_url finds the static view of a file", "[web][url]") {
  StaticSite site;
  site.config.add_static_view("//cdn.example.com/x", "cdn");
  site.config.add_static_view("https://cdn.example.com/y", "/srv/y/");
  CHECK(site.request().static_url(site.file("a b/c.css"), {.query = {{"x", "1"}}}) ==
        "http://localhost/static/a%20b/c.css?x=1");
  CHECK(site.request().static_path(site.file("x")) == "/static/x");
  CHECK(site.request().static_url("cdn/a b+c.css") == "http://cdn.example.com/x/a%20b%2Bc.css");
  CHECK(site.request().static_url("/srv/y/z", {.anchor = "a"}) == "https://cdn.example.com/y/z#a");
}

TEST_CASE("a file that no static view serves is an error that lists the folders", "[web][url]") {
  StaticSite site;
  CHECK_THROWS_WITH(site.request().static_url("/etc/passwd"),
                    Contains("'/etc/passwd'") && Contains(site.folder.path().string()));
}

TEST_CASE("a folder of the same beginning is another folder", "[web][url]") {
  StaticSite site;
  CHECK_THROWS_AS(site.request().static_url(site.folder.path().string() + "2/x"), Error);
}

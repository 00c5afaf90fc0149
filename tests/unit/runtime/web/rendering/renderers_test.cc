#include <fstream>

#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/request/request.h>

using namespace aiopyr;

namespace {

/// A folder of templates and a registry that looks there.
class Templates {
 public:
  explicit Templates(Settings settings = {}) : settings_(std::move(settings)) {}

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
    // Sets the time, since two writes within one tick of the file system's clock would look like
    // one.
    std::filesystem::last_write_time(
        folder_.path() / name,
        std::filesystem::file_time_type::clock::now() + std::chrono::seconds(++writes_));
  }
  RendererPtr get(const std::string& name) {
    return registry_.get(name, folder_.path(), settings_);
  }
  std::string render(const std::string& text, const Json& value) {
    const std::string name = "t" + std::to_string(writes_) + ".html";
    write(name, text);
    return get(name)->render(value, {.renderer_name = name});
  }

 private:
  TemporaryFolder folder_;
  Settings settings_;
  RendererRegistry registry_;
  int writes_ = 0;
};

}  // namespace

TEST_CASE("the json renderer gives JSON", "[web][renderers]") {
  const auto renderer = make_json_renderer();
  CHECK(renderer->render({{"b", 0.1}, {"a", {1, nullptr}}}, {}) == R"({"b":0.1,"a":[1,null]})");
  CHECK(renderer->content_type() == "application/json");
}

TEST_CASE("the string renderer gives text as it is", "[web][renderers]") {
  const auto renderer = make_string_renderer();
  CHECK(renderer->render("<hi>", {}) == "<hi>");
  CHECK(renderer->render(12, {}) == "12");
  CHECK(renderer->render(nullptr, {}).empty());
  CHECK(renderer->content_type() == "text/plain");
}

TEST_CASE("a renderer nobody registered is a configuration error that lists the known",
          "[web][renderers]") {
  Templates templates;
  for (const char* name : {"jsonp", "page.jinja2", "", "dir.html/page"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(templates.get(name), ConfigurationError);
  }
  CHECK_THROWS_WITH(
      templates.get("x.jinja2"),
      Catch::Contains("'x.jinja2'") && Catch::Contains(".html, .mustache, json, string"));
}

TEST_CASE("a renderer is made once and can be replaced", "[web][renderers]") {
  RendererRegistry registry;
  const Settings settings;
  CHECK(registry.get("json", "", settings) == registry.get("json", "", settings));
  registry.add("json", [](const RendererInfo&) { return make_string_renderer(); });
  CHECK(registry.get("json", "", settings)->content_type() == "text/plain");
}

TEST_CASE("a template escapes html unless told not to", "[web][renderers]") {
  Templates templates;
  CHECK(templates.render("{{x}} {{{x}}} {{&x}}", {{"x", "<'&\">"}}) ==
        "&lt;&#x27;&amp;&quot;&gt; <'&\"> <'&\">");
}

TEST_CASE("numbers in a template look as in JSON", "[web][renderers]") {
  Templates templates;
  CHECK(templates.render("{{a}} {{b}} {{c}}", {{"a", 0.1}, {"b", -5}, {"c", 1e300}}) ==
        "0.1 -5 1e+300");
}

TEST_CASE("sections repeat lists, show or hide, and enter objects", "[web][renderers]") {
  Templates templates;
  const Json value{{"items", {{{"n", 1}}, {{"n", 2}}}},
                   {"names", {"a", "b"}},
                   {"yes", true},
                   {"no", false},
                   {"none", nullptr},
                   {"empty", ""},
                   {"o", {{"k", "v"}}},
                   {"nothing", Json::array()}};
  CHECK(templates.render("{{#items}}[{{n}}]{{/items}}", value) == "[1][2]");
  CHECK(templates.render("{{#names}}{{.}},{{/names}}", value) == "a,b,");
  CHECK(templates.render("{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#none}}3{{/none}}{{#empty}}4{{/empty}}",
                         value) == "1");
  CHECK(templates.render(
            "{{^no}}1{{/no}}{{^none}}2{{/none}}{{^nothing}}3{{/nothing}}{{^yes}}4{{/yes}}",
            value) == "123");
  CHECK(templates.render("{{#o}}{{k}}{{/o}}{{o.k}}", value) == "vv");
  CHECK(templates.render("[{{missing}}{{none}}]", value) == "[]");
}

TEST_CASE("a template sees the system values, the view's own come first", "[web][renderers]") {
  Templates templates;
  templates.write("s.html", "{{renderer_name}} {{request.method}} {{request.path}}");
  MapEnviron env(MapEnviron::Variables{{"REQUEST_METHOD", "POST"}, {"PATH_INFO", "/a b"}});
  Request request(env);
  const RenderContext system{.request = &request, .renderer_name = "s.html"};
  CHECK(templates.get("s.html")->render(Json::object(), system) == "s.html POST /a%20b");
  CHECK(templates.get("s.html")->render({{"renderer_name", "mine"}}, system) == "mine POST /a%20b");
  CHECK(templates.get("s.html")->content_type() == "text/html");
}

TEST_CASE("a template wants an object", "[web][renderers]") {
  Templates templates;
  CHECK_THROWS_WITH(templates.render("x", "text"), Catch::Contains("must be a JSON object"));
}

TEST_CASE("partials are filled in from the same folder", "[web][renderers]") {
  Templates templates;
  templates.write("head.html", "<h1>{{title}}</h1>");
  CHECK(templates.render("{{> head}}|{{>head.html}}", {{"title", "<t>"}}) ==
        "<h1>&lt;t&gt;</h1>|<h1>&lt;t&gt;</h1>");
}

TEST_CASE("a partial that includes itself is refused", "[web][renderers]") {
  Templates templates;
  templates.write("a.html", "{{> b}}");
  templates.write("b.html", "{{> a}}");
  CHECK_THROWS_AS(templates.get("a.html"), ConfigurationError);
}

TEST_CASE("a missing template is a configuration error that names it", "[web][renderers]") {
  Templates templates;
  CHECK_THROWS_WITH(templates.get("none.html"),
                    Catch::Contains("none.html") && Catch::Contains("No such file"));
  templates.write("p.html", "{{> gone}}");
  CHECK_THROWS_WITH(templates.get("p.html"), Catch::Contains("gone.html"));
}

TEST_CASE("a malformed template is a configuration error with the line", "[web][renderers]") {
  Templates templates;
  for (const char* text : {"a\nb {{#x}}", "a\n{{/x}}", "a\n{{x", "a\n{{=x=}}", "a\n{{", "\n{{{"}) {
    CAPTURE(text);
    templates.write("bad.html", text);
    CHECK_THROWS_WITH(templates.get("bad.html"),
                      Catch::Contains("bad.html") && Catch::Contains("line 2"));
  }
}

TEST_CASE("a template is read again only where reload_templates is true", "[web][renderers]") {
  Templates fixed;
  fixed.write("t.html", "one");
  const auto kept = fixed.get("t.html");
  fixed.write("t.html", "two");
  CHECK(kept->render(Json::object(), {}) == "one");

  Templates reloading(Settings{{"reload_templates", "true"}});
  reloading.write("p.html", "one");
  reloading.write("t.html", "{{> p}}");
  const auto fresh = reloading.get("t.html");
  CHECK(fresh->render(Json::object(), {}) == "one");
  reloading.write("p.html", "two");
  CHECK(fresh->render(Json::object(), {}) == "two");
  reloading.write("t.html", "{{#broken");
  CHECK_THROWS_AS(fresh->render(Json::object(), {}), ConfigurationError);
  reloading.write("t.html", "mended");
  CHECK(fresh->render(Json::object(), {}) == "mended");
}

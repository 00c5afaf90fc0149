#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/static/static_view.h>

using namespace aiopyr;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// An app that serves `files` below /static, relative to its folder.
struct StaticApp : TestApp {
  explicit StaticApp(StaticViewOptions options = {}) : with(std::move(options)) {
    config.settings()["app_folder"] = folder.path().string();
    fs::create_directory(files);
    write("style.css", "body {}");
    write("page/index.html", "<p>index</p>");
    write("sub/a b.txt", "0123456789");
    std::ofstream(folder.path() / "secret.txt") << "secret";
    config.add_static_view("static", "files", with);
  }

  /// Writes a file that is an hour old by default, like most served files.
  void write(const std::string& name, const std::string& text, int age_in_seconds = 3600) {
    fs::create_directories((files / name).parent_path());
    std::ofstream(files / name) << text;
    fs::last_write_time(files / name,
                        fs::file_time_type::clock::now() - std::chrono::seconds(age_in_seconds));
  }
  /// Sends the path as a client writes it; the server decodes it.
  Response raw(const std::string& raw_path, const std::string& decoded) {
    return get(decoded, {{"REQUEST_URI", raw_path}});
  }

  StaticViewOptions with;
  TemporaryFolder folder;
  fs::path files = folder.path() / "files";
};

/// Returns the body in memory, wherever it lies.
std::string content(const Response& response) {
  if (!response.file_body()) return response.body();
  return response.file_body()->read(response.file_offset(),
                                    static_cast<std::size_t>(response.content_length()));
}

std::string header(const Response& response, std::string_view name) {
  return std::string(response.headers().get(name, ""));
}

}  // namespace

TEST_CASE("a file is served with its type, size, validators and an hour's freshness",
          "[web][static]") {
  StaticApp app;
  const Response response = app.get("/static/style.css");
  CHECK(response.status_code() == 200);
  CHECK(content(response) == "body {}");
  CHECK(header(response, "Content-Type") == "text/css; charset=UTF-8");
  CHECK(header(response, "Content-Length") == "7");
  CHECK(header(response, "Cache-Control") == "max-age=3600");
  CHECK(header(response, "Accept-Ranges") == "bytes");
  CHECK(response.headers().contains("Expires"));
  CHECK(response.headers().contains("Last-Modified"));
  CHECK_THAT(header(response, "ETag"), Catch::Matchers::StartsWith("\""));
  CHECK(content(app.get("/static/sub/a b.txt")) == "0123456789");
}

TEST_CASE("HEAD gets the headers of GET and no body", "[web][static]") {
  StaticApp app;
  const Response response = app.request("HEAD", "/static/style.css");
  CHECK(header(response, "Content-Length") == "7");
  CHECK_FALSE(response.has_body());
}

TEST_CASE("an empty file is a file", "[web][static]") {
  StaticApp app;
  app.write("empty.txt", "");
  const Response response = app.get("/static/empty.txt");
  CHECK(response.status_code() == 200);
  CHECK(header(response, "Content-Length") == "0");
}

TEST_CASE("a folder shows its index, and its URL gets a slash", "[web][static]") {
  StaticApp app;
  CHECK(content(app.get("/static/page/")) == "<p>index</p>");
  const Response moved = app.get("/static/page", {{"HTTP_HOST", "h"}, {"QUERY_STRING", "a=b"}});
  CHECK(moved.status_code() == 301);
  CHECK(moved.location() == "http://h/static/page/?a=b");
  CHECK(app.get("/static/sub/").status_code() == 404);
  CHECK(app.get("/static/").status_code() == 404);
}

TEST_CASE("another index may be named", "[web][static]") {
  StaticApp app({.index = "style.css"});
  CHECK(content(app.get("/static/")) == "body {}");
}

TEST_CASE("what is not there, or lies outside, is not found", "[web][static]") {
  StaticApp app;
  fs::create_symlink(app.folder.path() / "secret.txt", app.files / "link.txt");
  fs::create_symlink("..", app.files / "up");
  fs::create_symlink("style.css", app.files / "inside.css");
  for (const char* path :
       {"/static/none", "/static/link.txt", "/static/up/secret.txt", "/static/../secret.txt",
        "/static/sub/../style.css", "/static/./style.css", "/static/..", "/static/up/"}) {
    INFO(path);
    CHECK(app.get(path).status_code() == 404);
  }
  CHECK(app.get("/static/inside.css").status_code() == 200);
  CHECK(app.get(std::string("/static/style.css\0", 18)).status_code() == 404);
  CHECK(app.log.empty());
}

TEST_CASE("escapes that stand for slashes, dots and NUL are not found", "[web][static]") {
  StaticApp app;
  CHECK(app.raw("/static/sub%2Fa%20b.txt", "/static/sub/a b.txt").status_code() == 404);
  CHECK(app.raw("/static/%2e%2e/secret.txt", "/static/../secret.txt").status_code() == 404);
  CHECK(app.raw("/static/sub/%2E%2e/style.css", "/static/style.css").status_code() == 404);
  CHECK(app.raw("/static/style.css%00", "/static/style.css").status_code() == 404);
  CHECK(app.raw("/static/sub/a%20b.txt?x=../..", "/static/sub/a b.txt").status_code() == 200);
}

TEST_CASE("a file that may not be read is forbidden, and a pipe is not found", "[web][static]") {
  StaticApp app;
  REQUIRE(::mkfifo((app.files / "pipe").c_str(), 0600) == 0);
  CHECK(app.get("/static/pipe").status_code() == 404);
  if (::geteuid() == 0) return;  // root can read the file
  fs::permissions(app.files / "style.css", fs::perms::none);
  CHECK(app.get("/static/style.css").status_code() == 403);
}

TEST_CASE("the smallest variant that the client takes is served", "[web][static]") {
  StaticApp app;
  app.write("big.css", std::string(100, ' '));
  app.write("big.css.gz", "zipped zipped");
  app.write("big.css.br", "brotli");
  const auto get = [&](const std::string& accepted) {
    return app.get("/static/big.css", {{"HTTP_ACCEPT_ENCODING", accepted}});
  };
  CHECK(header(get("gzip, br"), "Content-Encoding") == "br");
  CHECK(header(get("gzip"), "Content-Encoding") == "gzip");
  CHECK(header(get("br;q=0, *"), "Content-Encoding") == "gzip");
  CHECK(content(get("br")) == "brotli");
  CHECK(header(get("br"), "Content-Type") == "text/css; charset=UTF-8");
  for (const char* accepted : {"", "identity", "gzip;q=0", "deflate"}) {
    INFO(accepted);
    const Response response = get(accepted);
    CHECK(header(response, "Content-Encoding").empty());
    CHECK(header(response, "Vary") == "Accept-Encoding");
    CHECK(content(response).size() == 100);
  }
  CHECK(header(get("br"), "ETag") != header(get("gzip"), "ETag"));
  CHECK(header(app.get("/static/style.css"), "Vary").empty());
}

TEST_CASE("a larger variant is not worth it", "[web][static]") {
  StaticApp app;
  app.write("style.css.gz", "more than the original has");
  const Response response = app.get("/static/style.css", {{"HTTP_ACCEPT_ENCODING", "gzip"}});
  CHECK(content(response) == "body {}");
  CHECK(header(response, "Vary") == "Accept-Encoding");
}

TEST_CASE("a file that exists compressed only is for clients that take that", "[web][static]") {
  StaticApp app;
  app.write("only.css.gz", "zipped");
  CHECK(app.get("/static/only.css").status_code() == 404);
  CHECK(content(app.get("/static/only.css", {{"HTTP_ACCEPT_ENCODING", "gzip"}})) == "zipped");
}

TEST_CASE("a compressed file that was asked for by its name is what it is", "[web][static]") {
  StaticApp app;
  app.write("a.tar.gz", "zipped");
  const Response response = app.get("/static/a.tar.gz", {{"HTTP_ACCEPT_ENCODING", "gzip"}});
  CHECK(header(response, "Content-Type") == "application/gzip");
  CHECK(header(response, "Content-Encoding").empty());
}

TEST_CASE("variants may be restricted", "[web][static]") {
  StaticApp app({.content_encodings = {"gzip"}});
  app.write("big.css", std::string(100, ' '));
  app.write("big.css.br", "brotli");
  CHECK(header(app.get("/static/big.css", {{"HTTP_ACCEPT_ENCODING", "br"}}), "Vary").empty());
}

TEST_CASE("a client that has the file is told so, by tag and by date", "[web][static]") {
  StaticApp app;
  const Response first = app.get("/static/style.css");
  const Response by_tag =
      app.get("/static/style.css", {{"HTTP_IF_NONE_MATCH", header(first, "ETag")}});
  CHECK(by_tag.status_code() == 304);
  CHECK_FALSE(by_tag.has_body());
  CHECK(header(by_tag, "Cache-Control") == "max-age=3600");
  CHECK(app.get("/static/style.css", {{"HTTP_IF_MODIFIED_SINCE", header(first, "Last-Modified")}})
            .status_code() == 304);
  app.write("style.css", "BODY {}", 1800);
  CHECK(
      app.get("/static/style.css", {{"HTTP_IF_NONE_MATCH", header(first, "ETag")}}).status_code() ==
      200);
}

TEST_CASE("a range is sent from its place in the file", "[web][static]") {
  StaticApp app;
  const Response part = app.get("/static/sub/a b.txt", {{"HTTP_RANGE", "bytes=3-5"}});
  CHECK(part.status_code() == 206);
  REQUIRE(part.file_body() != nullptr);
  CHECK(part.file_offset() == 3);
  CHECK(content(part) == "345");
  CHECK(header(part, "Content-Range") == "bytes 3-5/10");
  const Response parts = app.get("/static/sub/a b.txt", {{"HTTP_RANGE", "bytes=0-0,5-5"}});
  CHECK(parts.status_code() == 206);
  CHECK_THAT(parts.body(), Contains("\r\n\r\n0\r\n") && Contains("\r\n\r\n5\r\n"));
  CHECK(app.get("/static/sub/a b.txt", {{"HTTP_RANGE", "bytes=10-"}}).status_code() == 416);
}

TEST_CASE("If-Range takes a file's tag", "[web][static]") {
  StaticApp app;
  const std::string tag = header(app.get("/static/style.css"), "ETag");
  CHECK(app.get("/static/style.css", {{"HTTP_RANGE", "bytes=0-1"}, {"HTTP_IF_RANGE", tag}})
            .status_code() == 206);
}

TEST_CASE("the tag of a file that has just changed is weak", "[web][static]") {
  StaticApp app;
  app.write("now.txt", "now", -1);
  CHECK_THAT(header(app.get("/static/now.txt"), "ETag"), Catch::Matchers::StartsWith("W/\""));
}

TEST_CASE("freshness may be another", "[web][static]") {
  StaticApp app({.cache_max_age = std::chrono::hours(24)});
  CHECK(header(app.get("/static/style.css"), "Cache-Control") == "max-age=86400");
}

TEST_CASE("freshness may be left open", "[web][static]") {
  StaticApp app({.cache_max_age = std::nullopt});
  CHECK_FALSE(app.get("/static/style.css").headers().contains("Cache-Control"));
}

TEST_CASE("a static view below an include's prefix", "[web][static]") {
  StaticApp app;
  app.config.include([](Configurator& part) { part.add_static_view("static", "files"); },
                     {.route_prefix = "api"});
  CHECK(app.get("/api/static/style.css").status_code() == 200);
  CHECK(app.get("/static/style.css").status_code() == 200);
}

TEST_CASE("static_view is a view of any route", "[web][static]") {
  StaticApp app;
  app.config.add_route("whole", "/style.css");
  app.config.add_view(static_view("files"), {.route_name = "whole"});
  app.config.add_route("rest", "/rest/*subpath");
  app.config.add_view(static_view("files", {.use_subpath = true}), {.route_name = "rest"});
  CHECK(content(app.get("/style.css")) == "body {}");
  CHECK(content(app.get("/rest/style.css")) == "body {}");
}

TEST_CASE("a folder that is not there stops the start", "[web][static]") {
  StaticApp app;
  app.config.add_static_view("other", "nowhere");
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }),
             Contains("static_view_test.cc") && Contains("/nowhere/"));
}

TEST_CASE("a content encoding without an extension is refused", "[web][static]") {
  TestApp app;
  CHECK_THAT(configuration_error_of([&] {
               app.config.add_static_view("static", ".", {.content_encodings = "compress"});
             }),
             Contains("static_view_test.cc") && Contains("'compress'"));
}

TEST_CASE("a static view of the same name conflicts", "[web][static]") {
  StaticApp app;
  app.config.add_static_view("static", "files");
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }), Contains("conflicting"));
}

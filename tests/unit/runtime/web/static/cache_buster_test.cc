#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include "tests/unit/support/temporary_folder.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/request/request.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

struct Assets {
  explicit Assets(Settings settings = {}) : config(std::move(settings)) {
    std::filesystem::create_directories(folder.path() / "css");
    config.settings()["app_folder"] = folder.path().string();
    config.add_static_view("static", ".");
  }
  std::string path_of(const std::string& file, const UrlOptions& options = {}) {
    config.commit();
    Request request(environ, config.registry());
    return request.static_path("./" + file, options);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  }

  TemporaryFolder folder;
  Configurator config;
  MapEnviron environ;
};

struct SizeBuster : QueryStringCacheBuster {
  SizeBuster() : QueryStringCacheBuster("size") {}
  std::string tokenize(Request&, const StaticAsset& asset) const override {
    return std::to_string(asset.subpath.size());
  }
};

}  // namespace

TEST_CASE("a constant token is appended to the query", "[web][static]") {
  Assets assets;
  assets.config.add_cache_buster(".", QueryStringConstantCacheBuster("v1"));
  CHECK(assets.path_of("css/a.css") == "/static/css/a.css?x=v1");
  CHECK(assets.path_of("a.css", {.query = {{"q", "2"}}}) == "/static/a.css?q=2&x=v1");
}

TEST_CASE("a class may make tokens of its own", "[web][static]") {
  Assets assets;
  assets.config.add_cache_buster(".", SizeBuster());
  CHECK(assets.path_of("a.css") == "/static/a.css?size=5");
}

TEST_CASE("the cache buster of the longest path is the one", "[web][static]") {
  Assets assets;
  assets.config.add_cache_buster("./css", QueryStringConstantCacheBuster("css"));
  assets.config.add_cache_buster(".", QueryStringConstantCacheBuster("all"));
  CHECK(assets.path_of("css/a.css") == "/static/css/a.css?x=css");
  CHECK(assets.path_of("a.css") == "/static/a.css?x=all");
}

TEST_CASE("a manifest renames files", "[web][static]") {
  Assets assets;
  assets.write("manifest.json", R"({"css/main.css": "css/main-678b7c80.css", "bad": 1})");
  assets.config.add_cache_buster(".", ManifestCacheBuster("manifest.json"));
  CHECK(assets.path_of("css/main.css") == "/static/css/main-678b7c80.css");
  CHECK(assets.path_of("css/other.css") == "/static/css/other.css");
  CHECK(assets.path_of("bad") == "/static/bad");
}

TEST_CASE("a manifest that cannot be read stops the start", "[web][static]") {
  Assets missing;
  missing.config.add_cache_buster(".", ManifestCacheBuster("manifest.json"));
  CHECK_THAT(configuration_error_of([&] { missing.config.commit(); }),
             Contains("cache_buster_test.cc") && Contains("manifest.json"));
  Assets broken;
  broken.write("manifest.json", "[1]");
  broken.config.add_cache_buster(".", ManifestCacheBuster("manifest.json"));
  CHECK_THAT(configuration_error_of([&] { broken.config.commit(); }), Contains("no JSON object"));
}

TEST_CASE("a manifest to be reloaded is read when it has changed", "[web][static]") {
  using std::filesystem::file_time_type;
  Assets assets;
  assets.config.add_cache_buster(".", ManifestCacheBuster("manifest.json", true));
  CHECK(assets.path_of("a.css") == "/static/a.css");
  assets.write("manifest.json", R"({"a.css": "a-1.css"})");
  CHECK(assets.path_of("a.css") == "/static/a-1.css");
  assets.write("manifest.json", R"({"a.css": "a-2.css"})");
  std::filesystem::last_write_time(assets.folder.path() / "manifest.json",
                                   file_time_type::clock::now() + std::chrono::hours(1));
  CHECK(assets.path_of("a.css") == "/static/a-2.css");
}

TEST_CASE("a setting turns all cache busters off", "[web][static]") {
  Assets assets(Settings{{"prevent_cachebust", "true"}});
  assets.config.add_cache_buster(".", QueryStringConstantCacheBuster("v1"));
  CHECK(assets.path_of("a.css") == "/static/a.css");
}

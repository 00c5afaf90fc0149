// The parts that all pages share: the addresses of scripts and styles, and headers that keep a
// browser from running or loading anything else.
#include <algorithm>
#include <filesystem>
#include <string>

#include "views.h"

namespace chat {

using namespace aiopyr;

namespace {

/// Adds the time of a file's last change to its URL, so that browsers may keep it for a year.
class ModifiedCacheBuster final : public QueryStringCacheBuster {
 public:
  void configure(const std::string& app_folder) override { app_folder_ = app_folder; }
  std::string tokenize(Request&, const StaticAsset& asset) const override {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(app_folder_ / asset.path, error);
    return error ? "0" : std::to_string(time.time_since_epoch().count() / 1'000'000);
  }

 private:
  std::filesystem::path app_folder_;
};

void add_urls(const BeforeRender& event) {
  if (event.request == nullptr) return;
  Request& request = *event.request;
  event.system["home_url"] = request.route_path("home");
  for (const char* name :
       {"chat.css", "icon.svg", "home.js", "connection.js", "messages.js", "room.js"}) {
    std::string key = name;
    std::replace(key.begin(), key.end(), '.', '_');
    event.system[key + "_url"] = request.static_path(std::string("static/") + name);
  }
}

void add_headers(const NewResponse& event) {
  Headers& headers = event.response.headers();
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
              "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  if (!headers.contains("Cache-Control")) headers.set("Cache-Control", "no-cache");
}

}  // namespace

void add_layout(Configurator& config) {
  config.add_static_view("static", "static", {.cache_max_age = std::chrono::hours(24 * 365)});
  config.add_cache_buster("static", ModifiedCacheBuster());
  config.add_subscriber(add_urls);
  config.add_subscriber(add_headers);
}

}  // namespace chat

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/static/cache_buster.h>
#include <aiopyr/runtime/web/static/static_url_info.h>

namespace aiopyr {

void QueryStringCacheBuster::operator()(Request& request, StaticAsset& asset) const {
  asset.options.query.add(param_, tokenize(request, asset));
}

/// The state shared by the threads that make URLs.
struct ManifestCacheBuster::State {
  std::string path;
  bool reload = false;
  std::mutex mutex;
  Json names = Json::object();
  std::filesystem::file_time_type modified{};

  void load();
  void reload_if_changed();
};

void ManifestCacheBuster::State::load() {
  std::ifstream file(path);
  if (!file) throw ConfigurationError("there is no manifest '" + path + "' that can be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Json parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_object()) {
    throw ConfigurationError("the manifest '" + path +
                             "' is no JSON object of file names, as {\"a.css\": \"a-1.css\"}");
  }
  names = std::move(parsed);
}

void ManifestCacheBuster::State::reload_if_changed() {
  std::error_code error;
  const auto now = std::filesystem::last_write_time(path, error);
  if (error) {
    names = Json::object();
    modified = {};
  } else if (now != modified) {
    load();
    modified = now;
  }
}

ManifestCacheBuster::ManifestCacheBuster(std::string manifest_path, bool reload)
    : state_(std::make_shared<State>()) {
  state_->path = std::move(manifest_path);
  state_->reload = reload;
}

void ManifestCacheBuster::configure(const std::string& app_folder) {
  state_->path = path_in_app(app_folder, state_->path);
  if (!state_->reload) state_->load();
}

void ManifestCacheBuster::operator()(Request&, StaticAsset& asset) const {
  const std::lock_guard lock(state_->mutex);
  if (state_->reload) state_->reload_if_changed();
  const auto found = state_->names.find(asset.subpath);
  if (found != state_->names.end() && found->is_string()) {
    asset.subpath = found->get<std::string>();
  }
}

}  // namespace aiopyr

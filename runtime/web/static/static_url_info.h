#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/static/cache_buster.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

class Request;

/// The folders that are served, and their URLs, for static_url(): Pyramid's StaticURLInfo. Written
/// while the app is configured, read-only afterwards.
class StaticUrlInfo {
 public:
  struct Registration {
    std::string name;        ///< the prefix or the URL, with a `/` at the end
    std::string folder;      ///< absolute or below the app's folder, with a `/` at the end
    std::string route_name;  ///< empty if `name` is the URL of another server
  };

  /// Adds a registration at the end, and removes an earlier one of the same name.
  void add(Registration registration);
  void add_cache_buster(std::string folder, std::shared_ptr<const CacheBuster> buster);

  /// Returns the URL. Throws Error if no registration has `path`, which is absolute or below the
  /// app's folder.
  [[nodiscard]] std::string generate(Request& request, const std::string& path,
                                     UrlOptions options) const;

  [[nodiscard]] const std::vector<Registration>& registrations() const noexcept {
    return registrations_;
  }

 private:
  struct Buster {
    std::string folder;
    std::shared_ptr<const CacheBuster> buster;
  };
  void bust(Request& request, StaticAsset& asset) const;

  std::vector<Registration> registrations_;
  std::vector<Buster> busters_;  // sorted by the length of the folder, longest first
};

/// Returns `path` if it is absolute, else its path below `app_folder`.
[[nodiscard]] std::string path_in_app(const std::string& app_folder, std::string_view path);

}  // namespace aiopyr

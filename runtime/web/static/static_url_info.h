#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/static/cache_buster.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

class Request;

/// Which folders are served where, for static_url(): Pyramid's StaticURLInfo. Written while the app
/// is configured, read-only afterwards.
class StaticUrlInfo {
 public:
  struct Registration {
    std::string name;        ///< the prefix or the URL, with a `/` at the end
    std::string folder;      ///< absolute or below the app's folder, with a `/` at the end
    std::string route_name;  ///< empty where `name` is the URL of another server
  };

  /// A registration of the same name is replaced by the new one, which comes last.
  void add(Registration registration);
  void add_cache_buster(std::string folder, std::shared_ptr<const CacheBuster> buster);

  /// Throws Error where no registration has `path`, which is absolute or below the app's folder.
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
  std::vector<Buster> busters_;  // those of the longest folder first
};

/// `path` itself where it is absolute, else below `app_folder`.
[[nodiscard]] std::string path_in_app(const std::string& app_folder, std::string_view path);

}  // namespace aiopyr

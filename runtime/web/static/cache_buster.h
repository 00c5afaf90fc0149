#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/web/url/url_options.h>

/// Cache busters: pyramid.static. They make the URL of a static file change when the file changes,
/// so that clients may keep files for long. static_url() calls them in any context or thread,
/// several at a time; they are configured once before that.
namespace aiopyr {

class Request;

/// A file whose URL is being made.
struct StaticAsset {
  std::string path;     ///< the file's path, absolute or below the app's folder
  std::string subpath;  ///< below the static view's folder: may be changed
  UrlOptions options;   ///< may be changed
};

class CacheBuster {
 public:
  virtual ~CacheBuster() = default;

  /// Called once while the app is configured. Relative paths start in `app_folder`.
  virtual void configure(const std::string& app_folder) { static_cast<void>(app_folder); }
  /// Changes the asset's subpath or query.
  virtual void operator()(Request& request, StaticAsset& asset) const = 0;

 protected:
  CacheBuster() = default;
  CacheBuster(const CacheBuster&) = default;
  CacheBuster(CacheBuster&&) = default;
  CacheBuster& operator=(const CacheBuster&) = default;
  CacheBuster& operator=(CacheBuster&&) = default;
};

/// Adds a token to the query, as `x=TOKEN`. Derived classes implement tokenize(), which returns it.
class QueryStringCacheBuster : public CacheBuster {
 public:
  explicit QueryStringCacheBuster(std::string param = "x") : param_(std::move(param)) {}

  [[nodiscard]] virtual std::string tokenize(Request& request, const StaticAsset& asset) const = 0;
  void operator()(Request& request, StaticAsset& asset) const override;

 private:
  std::string param_;
};

/// Uses the same token for all files, such as the app's version.
class QueryStringConstantCacheBuster final : public QueryStringCacheBuster {
 public:
  explicit QueryStringConstantCacheBuster(std::string token, std::string param = "x")
      : QueryStringCacheBuster(std::move(param)), token_(std::move(token)) {}

  [[nodiscard]] std::string tokenize(Request&, const StaticAsset&) const override { return token_; }

 private:
  std::string token_;
};

/// Renames files by a JSON object `{"css/main.css": "css/main-678b7c80.css"}`, which a build tool
/// wrote. It is read when the app is configured; with `reload` whenever it has changed, and it need
/// not exist at first. Files that it does not name keep their names.
class ManifestCacheBuster final : public CacheBuster {
 public:
  explicit ManifestCacheBuster(std::string manifest_path, bool reload = false);

  /// Reads the manifest. Throws ConfigurationError if it cannot be read.
  void configure(const std::string& app_folder) override;
  void operator()(Request& request, StaticAsset& asset) const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace aiopyr

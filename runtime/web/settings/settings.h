#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace aiopyr {

/// Pyramid's deployment settings, from `aiopyr-set = key=value`: a map. Written while the app is
/// configured; read-only, and so shared by all requests and threads, from then on.
class Settings : public std::map<std::string, std::string, std::less<>> {
 public:
  using std::map<std::string, std::string, std::less<>>::map;

  /// Returns the setting of that name. Throws KeyError, which says the line to add, where there is
  /// none.
  [[nodiscard]] const std::string& at(std::string_view key) const;
  [[nodiscard]] std::string& at(std::string_view key);
};

/// Whether a setting is there and one of Pyramid's truthy strings (t true y yes on 1).
[[nodiscard]] bool asbool(const Settings& settings, std::string_view key);

/// Settings as Pyramid completes them (pyramid.config.settings). reload_templates, debug_notfound,
/// debug_authorization, debug_routematch, prevent_http_cache and prevent_cachebust may also be
/// written with `pyramid.` in front, and the environment overrides them (PYRAMID_RELOAD_TEMPLATES,
/// ...); debug_all and reload_all stand for all of their kind. Those that anything was said about
/// are there as `true` or `false` afterwards.
[[nodiscard]] Settings complete_settings(Settings settings);

}  // namespace aiopyr

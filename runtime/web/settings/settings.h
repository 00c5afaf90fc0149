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

  /// Returns the setting of that name. Throws KeyError, with the line to add, if there is none.
  [[nodiscard]] const std::string& at(std::string_view key) const;
  [[nodiscard]] std::string& at(std::string_view key);
};

/// Returns whether a setting exists and is one of Pyramid's truthy strings (t true y yes on 1).
[[nodiscard]] bool asbool(const Settings& settings, std::string_view key);

/// Returns settings completed as by Pyramid (pyramid.config.settings). reload_templates,
/// debug_notfound, debug_authorization, debug_routematch, prevent_http_cache and prevent_cachebust
/// may also be written with the prefix `pyramid.`, and the environment overrides them
/// (PYRAMID_RELOAD_TEMPLATES, ...). debug_all and reload_all set all of their kind. Each switch
/// that was set in any of these ways is `true` or `false` in the result.
[[nodiscard]] Settings complete_settings(Settings settings);

}  // namespace aiopyr

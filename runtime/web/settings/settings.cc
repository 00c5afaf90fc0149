#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/nearest.h>
#include <aiopyr/runtime/web/settings/settings.h>

namespace aiopyr {

namespace {

struct Switch {
  std::string_view name;
  std::string_view all;  // the setting that switches all of its kind
};

constexpr std::array<Switch, 6> kSwitches = {{{"reload_templates", "reload_all"},
                                              {"debug_notfound", "debug_all"},
                                              {"debug_authorization", "debug_all"},
                                              {"debug_routematch", "debug_all"},
                                              {"prevent_http_cache", ""},
                                              {"prevent_cachebust", ""}}};

/// Returns the value that environment and settings give a switch; the environment has priority.
std::optional<bool> said_of(const Settings& settings, std::string_view name) {
  if (name.empty()) return std::nullopt;
  std::string variable = "PYRAMID_";
  for (const char c : name) variable += ascii_upper(c);
  if (const char* value = std::getenv(variable.c_str())) return is_truthy(value);
  for (const std::string& key : {"pyramid." + std::string(name), std::string(name)}) {
    const auto setting = settings.find(key);
    if (setting != settings.end()) return is_truthy(setting->second);
  }
  return std::nullopt;
}

[[noreturn]] void throw_missing(const Settings& settings, std::string_view key) {
  std::vector<std::string_view> names;
  for (const auto& setting : settings) names.push_back(setting.first);
  throw KeyError("there is no setting '" + std::string(key) + "': add `aiopyr-set = " +
                 std::string(key) + "=...` to the ini file" + suggestion(key, names));
}

}  // namespace

const std::string& Settings::at(std::string_view key) const {
  const auto setting = find(key);
  if (setting == end()) throw_missing(*this, key);
  return setting->second;
}

std::string& Settings::at(std::string_view key) {
  const auto setting = find(key);
  if (setting == end()) throw_missing(*this, key);
  return setting->second;
}

bool asbool(const Settings& settings, std::string_view key) {
  const auto setting = settings.find(key);
  return setting != settings.end() && is_truthy(setting->second);
}

Settings complete_settings(Settings settings) {
  for (const auto& [name, all] : kSwitches) {
    const auto own = said_of(settings, name);
    const auto kind = said_of(settings, all);
    if (!own && !kind) continue;
    const bool value = own.value_or(false) || kind.value_or(false);
    settings.insert_or_assign(std::string(name), value ? "true" : "false");
  }
  return settings;
}

}  // namespace aiopyr

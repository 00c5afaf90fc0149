#pragma once

#include <string>

#include <aiopyr/aiopyr.h>

namespace shared {

/// Returns a required setting. Throws ConfigurationError, which says where it belongs, if it is
/// missing or empty.
inline std::string required_setting(aiopyr::Configurator& config, const std::string& name) {
  const auto setting = config.settings().find(name);
  if (setting != config.settings().end() && !setting->second.empty()) return setting->second;
  throw aiopyr::ConfigurationError("the app needs the setting " + name +
                                   ": add aiopyr-set = " + name + "=... to the ini file");
}

}  // namespace shared

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/config/application.h>

namespace aiopyr::plugin {

/// A hosted app: a shared object, configured, and its mountpoint.
struct HostedApp {
  std::string file;
  std::string mountpoint;
  Application application;
  std::size_t row = 0;                    ///< row of requests without a route: shared_counters.h
  std::vector<std::size_t> route_rows{};  ///< rows of its routes
};

/// Loads and configures the app in `file`. Throws ConfigurationError that says what is wrong and
/// what to do: no such file, not loadable, no AIOPYR_APP, built for another aiopyr, a constructor
/// that throws.
std::unique_ptr<HostedApp> load_app(const std::string& file, const std::string& mountpoint);

/// Returns whether we load `file`: a shared object with AIOPYR_APP, or a name that can only mean
/// one. Other plugins' mounts are left to them.
bool is_hosted_app(const std::string& file);

}  // namespace aiopyr::plugin

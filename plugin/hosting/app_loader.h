#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/config/application.h>

namespace aiopyr::plugin {

/// A hosted app: a shared object, configured, and where it is mounted.
struct HostedApp {
  std::string file;
  std::string mountpoint;
  Application application;
  std::size_t row = 0;  ///< in the metrics, of requests without a route: shared_counters.h
  std::vector<std::size_t> route_rows{};  ///< of each route
};

/// Loads and configures the app in `file`. Throws ConfigurationError that says what is wrong and
/// what to do: no such file, not loadable, no AIOPYR_APP, built for another aiopyr, a constructor
/// that throws.
std::unique_ptr<HostedApp> load_app(const std::string& file, const std::string& mountpoint);

/// Whether `file` is for us to load: a shared object with AIOPYR_APP in it, or a name that can only
/// mean one. Other plugins' mounts are left to them.
bool is_hosted_app(const std::string& file);

}  // namespace aiopyr::plugin

#pragma once

#include <vector>

namespace aiopyr::plugin {

struct HostedApp;

/// Returns the apps in the order in which they were loaded.
[[nodiscard]] std::vector<const HostedApp*> hosted_apps();

/// The hooks of uWSGI's plugin table by which apps are loaded. No exception leaves them.
void load_configured_app() noexcept;
int mount_app(char* mountpoint, char* file) noexcept;
/// Called once the apps are loaded, in the master or, with `lazy-apps`, in each worker: makes uWSGI
/// give requests to the plugin, and makes the first worker log what is served where.
void announce() noexcept;

}  // namespace aiopyr::plugin

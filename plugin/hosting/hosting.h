#pragma once

#include <vector>

namespace aiopyr::plugin {

struct HostedApp;

/// The apps that were loaded, in that order.
[[nodiscard]] std::vector<const HostedApp*> hosted_apps();

/// The hooks of uWSGI's plugin table by which apps are loaded. None lets an exception out.
void load_configured_app() noexcept;
int mount_app(char* mountpoint, char* file) noexcept;
/// Called once the apps are there, in the master or, with `lazy-apps`, in each worker: makes uWSGI
/// give requests to the plugin, and lets the first worker log what is served where.
void announce() noexcept;

}  // namespace aiopyr::plugin

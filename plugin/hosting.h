#pragma once

#include <vector>

struct wsgi_request;

namespace aiopyr::plugin {

/// uWSGI's number for our requests (modifier1). Requests with modifier1 0 reach us as well where no
/// other plugin answers them, because our first app is uWSGI's default app.
inline constexpr int kModifier1 = 77;

struct HostedApp;

/// The apps that were loaded, in that order.
[[nodiscard]] std::vector<const HostedApp*> hosted_apps();

/// The hooks of uWSGI's plugin table by which apps are loaded and asked. None lets an exception
/// out.
void load_configured_app() noexcept;
int mount_app(char* mountpoint, char* file) noexcept;
/// Once the apps are there: in the master or, with `lazy-apps`, in each worker, of which the first
/// tells the log.
void announce() noexcept;
int serve_request(wsgi_request* request) noexcept;

}  // namespace aiopyr::plugin

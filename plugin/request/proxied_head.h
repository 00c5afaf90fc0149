#pragma once

#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/web/request/environ.h>

namespace aiopyr::plugin {

/// Returns what is wrong with the variables that a proxy has made of a request's head. It checks
/// those faults, of all that our own parser refuses, which uWSGI's router and web servers are known
/// to let through to an app.
[[nodiscard]] HeadError find_fault_of_proxied(const Environ& environ);

}  // namespace aiopyr::plugin

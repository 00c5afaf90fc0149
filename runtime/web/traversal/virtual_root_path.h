#pragma once

#include <string>
#include <vector>

namespace aiopyr {

class Request;

namespace detail {

/// Returns whether a front server has put the request's client below a virtual root.
[[nodiscard]] bool has_virtual_root(const Request& request);

/// Returns the path of the virtual root from the header X-Vhm-Root, as segments; empty without that
/// header. The header is not percent-encoded. Throws HTTPBadRequest if it is not UTF-8.
[[nodiscard]] std::vector<std::string> virtual_root_path(const Request& request);

}  // namespace detail
}  // namespace aiopyr

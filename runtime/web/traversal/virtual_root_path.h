#pragma once

#include <string>
#include <vector>

namespace aiopyr {

class Request;

namespace detail {

/// Whether a front server has put the request's client below a virtual root.
[[nodiscard]] bool has_virtual_root(const Request& request);

/// Returns the path of the virtual root from the header X-Vhm-Root, as segments; empty where it has
/// none. The header is not percent-encoded. Throws HTTPBadRequest where that is not UTF-8.
[[nodiscard]] std::vector<std::string> virtual_root_path(const Request& request);

}  // namespace detail
}  // namespace aiopyr

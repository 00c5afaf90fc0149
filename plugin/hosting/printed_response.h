#pragma once

#include <string>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// Formats a prepared response as a server with these options sends it to a client that keeps its
/// connection, with uWSGI's `add-header`, `del-header` and `pull-header` applied. It is to be read
/// in a terminal: without the version, as prequest prints it, and with plain line ends. Throws
/// Error if the file that is its body cannot be read.
[[nodiscard]] std::string print_response(const Response& response);

}  // namespace aiopyr::plugin

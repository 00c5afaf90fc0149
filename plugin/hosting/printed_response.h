#pragma once

#include <string>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// Returns a response that is ready to leave as a server of these options sends it to a client that
/// keeps its connection, with uWSGI's `add-header`, `del-header` and `pull-header` applied; to be
/// read in a terminal: without the version, as prequest has it, and with plain line ends. Throws
/// Error where the file that is its body cannot be read.
[[nodiscard]] std::string print_response(const Response& response);

}  // namespace aiopyr::plugin

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiopyr {
class Request;
}

namespace aiopyr::uwsgi {

/// Sets the value of `%(key)` in uWSGI's `log-format` for this request. Key and value have up to
/// 255 bytes; line ends within the value are written as `\n`, so that no client can forge a line of
/// the log.
///
/// Called where the request may be used: a view, a tween, a callback. Throws Error if one is too
/// long, and if uWSGI has no such request, as in a test or once a websocket has been accepted.
void set_logvar(Request& request, std::string_view key, std::string_view value);

/// Returns the value that was set; nullopt if none was.
[[nodiscard]] std::optional<std::string> get_logvar(Request& request, std::string_view key);

}  // namespace aiopyr::uwsgi

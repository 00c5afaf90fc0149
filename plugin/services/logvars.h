#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiopyr {
class Request;
}

namespace aiopyr::uwsgi {

/// Sets what `%(key)` of uWSGI's `log-format` shows for this request. Key and value have up to 255
/// bytes; line ends within the value are written as `\n`, so that nobody makes up a line of the
/// log.
///
/// Where the request may be used: a view, a tween, a callback. Throws Error where one is too long,
/// and where uWSGI has no such request, as in a test or once a websocket has been accepted.
void set_logvar(Request& request, std::string_view key, std::string_view value);

/// What was set; none where nothing was.
[[nodiscard]] std::optional<std::string> get_logvar(Request& request, std::string_view key);

}  // namespace aiopyr::uwsgi

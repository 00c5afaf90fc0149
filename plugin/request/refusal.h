#pragma once

#include <string_view>

#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Returns the answer to a request with that fault.
[[nodiscard]] Response answer_to(HeadError error);

/// Logs why a request is refused: one line a second, with the number of refusals that had none.
/// `what` is the line of its head, or empty. On the loop's thread. Throws std::bad_alloc.
void log_refusal(const wsgi_request& request, std::string_view why, std::string_view what);

/// Answers a request whose head is refused, and logs why, at most once a second, so that a client
/// that sends garbage does not fill the log. The connection is ours from here on: the rest of the
/// client's bytes is read for two seconds at most, on the loop, so that it gets to see the answer;
/// no core waits for that.
///
/// Returns -1, the result of a socket's `proto` for a connection that has ended. On the loop's
/// thread, in any context.
int refuse(wsgi_request& request, const HeadVerdict& verdict) noexcept;

/// Answers 400 in the same way for bytes before a head; `line` is logged. Without an answer if TLS
/// has not begun.
int refuse(wsgi_request& request, std::string_view why, std::string_view line) noexcept;

}  // namespace aiopyr::plugin

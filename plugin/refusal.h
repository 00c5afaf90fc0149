#pragma once

struct wsgi_request;

namespace aiopyr {
struct HeadVerdict;
}

namespace aiopyr::plugin {

/// Answers a request whose head is refused, and logs why, at most once a second: who writes garbage
/// shall not fill the log. The connection is ours from here on: what the client still sends is read
/// for two seconds at most, on the loop, so that it gets to see the answer; no core waits for that.
///
/// Returns -1, which is what a socket's `proto` says of a connection that is over. On the loop's
/// thread, in any context.
int refuse(wsgi_request& request, const HeadVerdict& verdict) noexcept;

}  // namespace aiopyr::plugin

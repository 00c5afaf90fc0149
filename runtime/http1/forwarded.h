#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/text/ip_address.h>

/// Reads what proxies tell of the requests that they pass on: `Forwarded` (RFC 7239), and the nodes
/// of an `X-Forwarded-For`. Strict: accepts nothing that two readers may understand in two ways.
/// Any thread.
namespace aiopyr {

/// A node on a request's way (RFC 7239 section 6).
struct ForwardedNode {
  /// Is nullopt if the proxy does not tell it: `unknown`, or a name of its own that begins with
  /// `_`.
  std::optional<IpAddress> address;
  std::string port;  ///< from 1 to 65535, without leading zeros; empty where it is not told
};

/// Reads `192.0.2.43`, `192.0.2.43:47011`, `[2001:db8::17]:47011`, `unknown`, `_hidden`; and an
/// IPv6 address without brackets, as X-Forwarded-For has it. Returns nothing for anything else.
[[nodiscard]] std::optional<ForwardedNode> parse_forwarded_node(std::string_view text);

/// The words of one proxy about a request, or about the proxy that passed the request to it.
struct ForwardedElement {
  std::optional<ForwardedNode> client;  ///< `for`
  std::string scheme;                   ///< `proto`, "http" or "https"; empty where not told
  std::string host;  ///< `host`, with a port (no leading zeros) or without; empty where not told
};

/// Reads a whole Forwarded header: the elements of all proxies, the nearest one last. Returns
/// nullopt if anything in it is malformed, if `for`, `by`, `proto` or `host` comes twice in an
/// element, or if the value of `for`, `proto` or `host` makes no sense. Skips `by` and unknown
/// parameters.
[[nodiscard]] std::optional<std::vector<ForwardedElement>> parse_forwarded(std::string_view text);

/// Rewrites the port of a host, if it has one, without leading zeros. Returns false if `host` is
/// not a host with a port from 1 to 65535 or without.
[[nodiscard]] bool make_host_plain(std::string& host);

/// Returns "http" or "https" for that, or for `ws` and `wss`, in any case; empty for anything else.
[[nodiscard]] std::string_view forwarded_scheme(std::string_view text) noexcept;

}  // namespace aiopyr

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/text/ip_address.h>

/// The proxies that are trusted, and what they tell of a request's client. Each proxy of a chain
/// tells who has connected to it, but anyone may send such headers. Without I/O; any thread.
namespace aiopyr {

/// The proxies that are trusted.
class TrustedProxies {
 public:
  /// Adds the items of a list, separated by spaces or commas: addresses, networks (`10.0.0.0/8`),
  /// and `unix:` for every peer on a Unix socket. Returns what is wrong with the list, with nothing
  /// added, or an empty text.
  [[nodiscard]] std::string add(std::string_view list);

  [[nodiscard]] bool empty() const noexcept { return networks_.empty() && !trusts_unix_; }
  [[nodiscard]] bool trust(const IpAddress& address) const noexcept;
  [[nodiscard]] bool trust_unix() const noexcept { return trusts_unix_; }

 private:
  std::vector<IpNetwork> networks_;
  bool trusts_unix_ = false;
};

/// The headers in which proxies tell of a request; empty where there is none.
struct ForwardingHeaders {
  std::string_view forwarded{};
  std::string_view x_forwarded_for{};
  std::string_view x_forwarded_proto{};
  std::string_view x_forwarded_host{};
  std::string_view x_forwarded_port{};
  /// The scheme of the request to us, which counts where no proxy tells one.
  std::string_view own_scheme{};

  [[nodiscard]] bool empty() const noexcept {
    return forwarded.empty() && x_forwarded_for.empty() && x_forwarded_proto.empty() &&
           x_forwarded_host.empty() && x_forwarded_port.empty();
  }
};

/// The client of a request, as trusted proxies tell of it.
struct ToldClient {
  /// The address of the client; empty if a trusted proxy hides it; nullopt if none is told: then
  /// the client is the peer that has connected.
  std::optional<std::string> address{};
  std::string port{};    ///< of the client; empty where not told
  std::string scheme{};  ///< "http" or "https"; empty where not told
  /// The host that the client has asked for, with a port (no leading zeros) or without; empty where
  /// not told.
  std::string host{};
  /// The port that the client has connected to; empty where not told. A port in `host` is kept
  /// apart from it, and counts more.
  std::string host_port{};
};

/// Returns what the headers of a request from a trusted proxy tell of its client; nullopt if
/// headers that count are malformed, or if `Forwarded` and the X-Forwarded headers contradict each
/// other.
///
/// Chains are read backward from the proxy that has connected, whose words come last, as long as
/// addresses are trusted: the first that is not trusted, or is hidden, or has none before it, is
/// the client. Entries before it may be anything in an X-Forwarded-For; a Forwarded has to be valid
/// as a whole. Scheme, host and port are those that were told together with the client, or else by
/// the nearest proxy behind it.
[[nodiscard]] std::optional<ToldClient> told_client(const TrustedProxies& trusted,
                                                    const ForwardingHeaders& headers);

}  // namespace aiopyr

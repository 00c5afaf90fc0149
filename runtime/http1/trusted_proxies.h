#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/text/ip_address.h>

/// Whose word counts about a request's client: of a chain of proxies each tells who has connected
/// to it, and anybody may tell so. Without I/O; any thread.
namespace aiopyr {

/// The proxies that are believed.
class TrustedProxies {
 public:
  /// Adds what a list names, separated by spaces or commas: addresses, networks (`10.0.0.0/8`), and
  /// `unix:` for whoever connects to a Unix socket. Returns what is wrong with it, with nothing
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

/// What is believed of a request's client.
struct ToldClient {
  /// The address of the client, empty where a trusted proxy hides it. Nothing where none is told:
  /// then it is who has connected.
  std::optional<std::string> address{};
  std::string port{};    ///< of the client; empty where not told
  std::string scheme{};  ///< "http" or "https"; empty where not told
  /// What the client has asked for, with a port (no leading zeros) or without; likewise.
  std::string host{};
  /// The port that the client has connected to; likewise. That of `host`, where it has one, is
  /// another matter, and counts more.
  std::string host_port{};
};

/// Returns what the headers of a request tell that has come from a proxy that is trusted; nothing
/// where what counts in them is malformed, or `Forwarded` and the X-Forwarded ones contradict each
/// other.
///
/// Chains are walked from the proxy that has connected, whose words come last, and as far as
/// addresses are trusted: the first that is not, or is hidden, or has nobody before it, is the
/// client. What stands before it may be anything, in X-Forwarded-For; a Forwarded is read as a
/// whole. Scheme, host and port are those that were told together with the client, else by the
/// nearest proxy behind it.
[[nodiscard]] std::optional<ToldClient> told_client(const TrustedProxies& trusted,
                                                    const ForwardingHeaders& headers);

}  // namespace aiopyr

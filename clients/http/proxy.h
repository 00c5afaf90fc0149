#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/clients/http/message/url.h>

namespace aiopyr::http {

/// A proxy, as libcurl is told of it.
struct Proxy {
  std::string url;          ///< `scheme://host:port`
  std::string credentials;  ///< `user:password`, each percent-encoded; empty for none
  std::string host;
  std::uint16_t port = 0;
};

/// Reads `http://user:password@host:port`, or https, socks5, socks5h, without a scheme as http. A
/// SOCKS proxy always looks up names itself, so that we do not. Throws ConfigurationError.
[[nodiscard]] Proxy parse_proxy(const std::string& text);

/// Chooses the proxy for a URL: the one of the options, or of the environment where the
/// options say so. The environment is read once.
class Proxies {
 public:
  explicit Proxies(const ClientOptions& options);

  /// Returns the proxy for a URL; null for none.
  [[nodiscard]] const Proxy* find(const Url& url) const noexcept;

 private:
  void read_environment();
  [[nodiscard]] bool is_excepted(std::string_view host) const noexcept;

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::vector<std::string> exceptions_;  // no_proxy
};

}  // namespace aiopyr::http

#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The web pages that may open a connection: RFC 6455 section 10.2, origins as in RFC 6454. Plain
/// values; the functions are for any thread.
namespace aiopyr::websocket {

class OriginPolicy {
 public:
  /// Allows pages of the same origin only.
  OriginPolicy() = default;

  /// Parses a setting: empty for the same origin only; `*` for every page; otherwise only the
  /// listed origins such as `https://example.com:8443`, separated by commas or blanks. The word
  /// `self` in the list means the same origin.
  [[nodiscard]] static OriginPolicy from_setting(std::string_view setting);

  /// Returns whether a request with these header values is allowed. `origin` is empty if the header
  /// is absent, as for clients that are not browsers: they are allowed. `scheme` is that of the
  /// request (http or https); empty if unknown, as behind a proxy that ends TLS: then the same
  /// origin means the same host and port.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view scheme,
                            std::string_view host) const;

 private:
  bool any_ = false;
  bool self_ = true;
  std::vector<std::string> allowed_;
};

/// Returns whether a page of `origin` (`https://example.com`) belongs to the given scheme and Host
/// header. Default ports are equal to absent ones; letters are compared without case; `null` never
/// matches.
[[nodiscard]] bool is_same_origin(std::string_view origin, std::string_view scheme,
                                  std::string_view host) noexcept;

}  // namespace aiopyr::websocket

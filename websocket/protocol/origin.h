#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Which web pages may open a connection: RFC 6455 section 10.2, origins as in RFC 6454.
/// Values; the functions are for any thread.
namespace aiopyr::websocket {

class OriginPolicy {
 public:
  /// Pages of the same origin only.
  OriginPolicy() = default;

  /// From a setting: empty for the same origin only; `*` for every page; else origins such as
  /// `https://example.com:8443`, with commas or blanks between them, and then only those. The word
  /// `self` in the list stands for the same origin.
  [[nodiscard]] static OriginPolicy from_setting(std::string_view setting);

  /// Whether a request with these header values may go on. `origin` is empty where the header is
  /// absent, as it is for clients that are no browsers: they are allowed. `scheme` is that of the
  /// request (http or https); empty where it is not known, as behind a proxy that ends TLS: then
  /// the same origin means the same host and port.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view scheme,
                            std::string_view host) const;

 private:
  bool any_ = false;
  bool self_ = true;
  std::vector<std::string> allowed_;
};

/// Whether a page of `origin` (`https://example.com`) belongs to the given scheme and Host header.
/// Default ports are equal to absent ones; the case of letters does not count; `null` never is.
[[nodiscard]] bool is_same_origin(std::string_view origin, std::string_view scheme,
                                  std::string_view host) noexcept;

}  // namespace aiopyr::websocket

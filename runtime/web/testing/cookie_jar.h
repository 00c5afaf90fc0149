#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiopyr::testing {

/// The target of a request.
struct CookieTarget {
  std::string_view host;  ///< without a port
  std::string_view path;
  bool is_secure = false;
};

/// Keeps cookies as a browser does (RFC 6265 section 5), for the client of a test. A plain value:
/// used by one thread at a time.
class CookieJar {
 public:
  using TimePoint = std::chrono::system_clock::time_point;
  using Clock = std::function<TimePoint()>;

  /// Takes the clock by which cookies expire; a test may set its own.
  explicit CookieJar(Clock clock = std::chrono::system_clock::now) : clock_(std::move(clock)) {}

  /// Stores the cookie of a Set-Cookie header; ignores one that is malformed, expired or for
  /// another domain.
  void store(std::string_view set_cookie, const CookieTarget& from);

  /// Returns the Cookie header of a request; empty if no cookie matches.
  [[nodiscard]] std::string header_for(const CookieTarget& to) const;

  /// Returns the value of a cookie as it was set, for any path; nullopt if there is no such cookie.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  /// Sets a cookie for all paths.
  void set(std::string name, std::string value);
  void erase(std::string_view name);
  void clear() noexcept { cookies_.clear(); }
  [[nodiscard]] std::size_t size() const noexcept { return cookies_.size(); }

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string domain{};  // empty: any host
    bool host_only = true;
    std::string path = "/";
    bool is_secure = false;
    std::optional<TimePoint> expires{};
  };

  [[nodiscard]] std::optional<Cookie> parse(std::string_view set_cookie,
                                            const CookieTarget& from) const;
  void apply_attribute(Cookie& cookie, std::string_view name, std::string_view value,
                       bool& has_max_age) const;
  [[nodiscard]] bool is_expired(const Cookie& cookie) const;
  [[nodiscard]] bool is_for(const Cookie& cookie, const CookieTarget& to) const;

  Clock clock_;
  std::vector<Cookie> cookies_;
};

/// Parses the date of an Expires attribute in any form (RFC 6265 section 5.1.1); nullopt if it is
/// not a date.
[[nodiscard]] std::optional<CookieJar::TimePoint> parse_cookie_date(std::string_view text);

}  // namespace aiopyr::testing

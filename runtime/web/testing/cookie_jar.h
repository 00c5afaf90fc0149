#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiopyr::testing {

/// Where a request goes to.
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

  /// A test of its own may set the clock by which cookies expire.
  explicit CookieJar(Clock clock = std::chrono::system_clock::now) : clock_(std::move(clock)) {}

  /// Takes in a Set-Cookie header of a response from there; one that is malformed, expired or for
  /// another domain is none.
  void store(std::string_view set_cookie, const CookieTarget& from);

  /// The Cookie header of a request there; empty where no cookie is for it.
  [[nodiscard]] std::string header_for(const CookieTarget& to) const;

  /// The value of a cookie as it was set, for whichever path; none where there is no such cookie.
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

/// The date of an Expires attribute, in whichever form (RFC 6265 section 5.1.1); none for what is
/// no date.
[[nodiscard]] std::optional<CookieJar::TimePoint> parse_cookie_date(std::string_view text);

}  // namespace aiopyr::testing

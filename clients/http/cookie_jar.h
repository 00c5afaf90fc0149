#pragma once

#include <memory>
#include <string>
#include <vector>

namespace aiopyr::http {

/// Keeps the cookies that servers set, and sends them back where they belong (RFC 6265, by libcurl,
/// which knows public suffixes). Given to a client by ClientOptions::cookies; several clients may
/// share one. Loop thread only. Cookies live as long as the jar: nothing is written to disk.
class CookieJar {
 public:
  CookieJar();
  ~CookieJar();
  CookieJar(const CookieJar&) = delete;
  CookieJar& operator=(const CookieJar&) = delete;

  /// Adds a cookie, written as the header that sets it: `name=value; Domain=example.com; Path=/`.
  void add(const std::string& set_cookie);
  /// Returns all cookies, a line each in Netscape's format, whose last two fields are name and
  /// value.
  [[nodiscard]] std::vector<std::string> lines() const;
  void clear();

  /// Returns libcurl's object.
  [[nodiscard]] void* handle() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace aiopyr::http

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/text_map.h>

struct Curl_URL;

namespace aiopyr::http {

/// The names and values of a query or a form, in their order.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Appends `a=1&b=2`, percent-encoded as forms are (a space becomes `+`).
void append_urlencoded(std::string& text, const Pairs& pairs);

/// An absolute URL of http or https, read by libcurl's own parser, which also sends it: what was
/// checked and what is asked for cannot differ. Hosts are ASCII, in lower case, and IPv4 in
/// odd forms (`2130706433`, `0x7f.1`) in the usual one. A value, for any thread.
class Url {
 public:
  /// Reads a URL. Throws InvalidRequestError that says what is wrong, without user and password.
  [[nodiscard]] static Url parse(const std::string& text);

  /// Returns what `location` means relative to this URL (RFC 3986 section 5). Throws
  /// InvalidRequestError.
  [[nodiscard]] Url resolve(const std::string& location) const;

  /// Appends to the query.
  void add_query(const Pairs& pairs);

  /// Returns the URL without user and password.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Returns the path, without the query, which may hold secrets: for messages.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] bool is_https() const noexcept { return is_https_; }
  /// Returns the host without brackets.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Returns `https://host:port`, which identifies the origin (RFC 6454).
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

  /// Returns `Basic ...` for the user and password of the URL; empty where it has none.
  [[nodiscard]] const std::string& authorization() const noexcept { return authorization_; }

  /// Returns libcurl's object.
  [[nodiscard]] Curl_URL* handle() const noexcept { return handle_.get(); }

 private:
  struct Delete {
    void operator()(Curl_URL* handle) const noexcept;
  };
  using Handle = std::unique_ptr<Curl_URL, Delete>;

  explicit Url(Handle handle);
  void read_parts();

  Handle handle_;
  std::string text_;
  std::string path_;
  std::string host_;
  std::string origin_;
  std::string authorization_;
  std::uint16_t port_ = 0;
  bool is_https_ = false;
};

/// Keeps the URLs that were asked for last, since reading one takes longer than sending it. Those
/// with a password are not kept.
class Urls {
 public:
  /// Returns a URL; throws as Url::parse().
  [[nodiscard]] std::shared_ptr<const Url> parse(const std::string& text);

 private:
  detail::TextMap<std::shared_ptr<const Url>> known_;
};

}  // namespace aiopyr::http

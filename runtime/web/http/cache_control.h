#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aiopyr {

/// Cache-Control's directives for a response (RFC 9111 section 5.2.2), under the names that
/// webob.cachecontrol gives them. A plain value, for designated initializers.
struct CacheControl {
  std::optional<std::chrono::seconds> max_age{};
  std::optional<std::chrono::seconds> s_maxage{};
  bool is_public = false;
  bool is_private = false;
  bool no_cache = false;
  bool no_store = false;
  bool no_transform = false;
  bool must_revalidate = false;
  bool proxy_revalidate = false;
  bool immutable = false;
  std::optional<std::chrono::seconds> stale_while_revalidate{};
  std::optional<std::chrono::seconds> stale_if_error{};

  /// Parses a header leniently: unknown directives and invalid numbers are ignored.
  [[nodiscard]] static CacheControl parse(std::string_view header);
  /// Returns the header's value, in alphabetical order as WebOb writes it; empty if nothing is set.
  [[nodiscard]] std::string to_string() const;
  /// Sets the directives that `other` sets.
  void update(const CacheControl& other);
};

}  // namespace aiopyr

#pragma once

#include <string_view>

namespace aiopyr {

/// What pyramid.httpexceptions says of a status code.
struct StatusInfo {
  int code = 0;
  std::string_view title;        ///< the reason phrase
  std::string_view explanation;  ///< a sentence for people, or empty
};

/// The row of a code, or null for one that HTTP does not define. Any thread.
[[nodiscard]] const StatusInfo* find_status(int code) noexcept;

/// The reason phrase; one for the whole class ("Client Error") where the code is unknown.
[[nodiscard]] std::string_view reason_phrase(int code) noexcept;

/// Whether a response with this status never has a body: 1xx, 204, 205, 304 (RFC 9110 section 6.4.1
/// and 15.3.6).
[[nodiscard]] constexpr bool status_has_no_body(int code) noexcept {
  return code < 200 || code == 204 || code == 205 || code == 304;
}

}  // namespace aiopyr

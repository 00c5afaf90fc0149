#pragma once

#include <string_view>

namespace aiopyr {

/// The texts that pyramid.httpexceptions has for a status code.
struct StatusInfo {
  int code = 0;
  std::string_view title;        ///< the reason phrase
  std::string_view explanation;  ///< a sentence for people, or empty
};

/// Returns the row of a code, or null if HTTP does not define it. Any thread.
[[nodiscard]] const StatusInfo* find_status(int code) noexcept;

/// Returns the reason phrase; that of the whole class ("Client Error") if the code is unknown.
[[nodiscard]] std::string_view reason_phrase(int code) noexcept;

/// Returns whether a response with this status never has a body: 1xx, 204, 205, 304 (RFC 9110
/// sections 6.4.1 and 15.3.6).
[[nodiscard]] constexpr bool status_has_no_body(int code) noexcept {
  return code < 200 || code == 204 || code == 205 || code == 304;
}

}  // namespace aiopyr

#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <aiopyr/runtime/base/client_errors.h>

namespace aiopyr::http {

/// The facts about a transfer that failed.
struct Failure {
  int code = 0;  ///< a CURLcode
  int os_error = 0;
  std::string_view detail;  ///< CURLOPT_ERRORBUFFER
  bool was_sent = false;    ///< a connection was there, so that the server may have got the request
};

/// Returns the exception of the tree that says it.
[[nodiscard]] std::exception_ptr make_error(const ClientError::Context& context,
                                            const Failure& failure);

/// Returns whether a method may be asked twice (RFC 9110 section 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

}  // namespace aiopyr::http

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/base/client_errors.h>

/// The exceptions of the HTTP client, besides those of runtime/base/client_errors.h:
///
///   ClientError
///   ├── ClientTimeoutError
///   │   └── RequestTimeoutError     which limit ran out
///   ├── ServerError
///   │   └── StatusError             raise_for_status(): the answer's status is 400 or more
///   ├── InvalidRequestError         what cannot be sent: a bad URL, header, method or body
///   │   └── ForbiddenUrlError       what the guard of the request refuses
///   ├── TooManyRedirectsError
///   └── ResponseTooLargeError       a body beyond max_body: stream it
namespace aiopyr::http {

/// The thing that a request waited for when its time ran out.
enum class Phase {
  kAcquire,  ///< a place in the pool
  kConnect,  ///< look-up, TCP, proxy and TLS
  kWrite,    ///< that the server takes more of the request
  kRead,     ///< the next byte of the answer
  kTotal,    ///< Timeouts::total
  kDeadline  ///< the deadline of the request on whose behalf it runs
};
/// Returns `acquire`, `connect` and so on.
[[nodiscard]] std::string_view phase_name(Phase phase) noexcept;

class RequestTimeoutError : public ClientTimeoutError {
 public:
  RequestTimeoutError(Context context, const std::string& problem, Retry retry, Phase phase)
      : ClientTimeoutError(std::move(context), problem, retry), phase_(phase) {}
  [[nodiscard]] Phase phase() const noexcept { return phase_; }

 private:
  Phase phase_;
};

/// Raised by raise_for_status(). Status 429 and 503 mean that nothing was done (Retry::kSafe);
/// other 4xx will come again (kUseless); with other 5xx, it may have been done (kUnsafe).
class StatusError : public ServerError {
 public:
  StatusError(Context context, const std::string& problem, int status,
              std::optional<Duration> retry_after);
  [[nodiscard]] int status() const noexcept { return status_; }
  /// Returns for how long the server asks to wait (`Retry-After`, RFC 9110 section 10.2.3), where
  /// it says so in seconds.
  [[nodiscard]] std::optional<Duration> retry_after() const noexcept { return retry_after_; }

 private:
  int status_;
  std::optional<Duration> retry_after_;
};

/// Raised before anything is sent.
class InvalidRequestError : public ClientError {
 public:
  explicit InvalidRequestError(const std::string& problem)
      : ClientError({.client = "http", .server = {}, .operation = {}}, problem, Retry::kUseless) {}
  InvalidRequestError(Context context, const std::string& problem)
      : ClientError(std::move(context), problem, Retry::kUseless) {}
};

class ForbiddenUrlError : public InvalidRequestError {
 public:
  using InvalidRequestError::InvalidRequestError;
};

class TooManyRedirectsError : public ClientError {
 public:
  using ClientError::ClientError;
};

class ResponseTooLargeError : public ClientError {
 public:
  using ClientError::ClientError;
};

}  // namespace aiopyr::http

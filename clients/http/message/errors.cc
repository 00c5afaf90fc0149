#include <array>
#include <cstddef>

#include <aiopyr/clients/http/message/errors.h>

namespace aiopyr::http {

namespace {

constexpr int kTooManyRequests = 429;
constexpr int kServiceUnavailable = 503;
constexpr int kFirstServerError = 500;

Retry retry_after_status(int status) noexcept {
  if (status == kTooManyRequests || status == kServiceUnavailable) return Retry::kSafe;
  return status < kFirstServerError ? Retry::kUseless : Retry::kUnsafe;
}

}  // namespace

std::string_view phase_name(Phase phase) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"acquire", "connect", "write",
                                                      "read",    "total",   "deadline"};
  return kNames[static_cast<std::size_t>(phase)];
}

StatusError::StatusError(Context context, const std::string& problem, int status,
                         std::optional<Duration> retry_after)
    : ServerError(std::move(context), problem, retry_after_status(status)),
      status_(status),
      retry_after_(retry_after) {}

}  // namespace aiopyr::http

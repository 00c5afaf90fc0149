#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/base/client_errors.h>

namespace aiopyr::redis {

/// Thrown where a command's reply is an error. code() says which: `WRONGTYPE`, `NOAUTH`, `NOPERM`,
/// `READONLY`, `LOADING`, `MOVED`, ...; `ERR` for those without a code of their own. retry() is
/// kSafe where the server refused for its own state (LOADING, BUSY, READONLY, ...), else kUseless.
class ReplyError : public ServerError {
 public:
  /// `text` is the server's, beginning with the code.
  ReplyError(Context context, std::string_view text);

  [[nodiscard]] const std::string& code() const& noexcept { return code_; }
  [[nodiscard]] std::string code() && { return std::move(code_); }

 private:
  std::string code_;
};

/// Thrown where a reply cannot become the type that was asked for; names both.
class ReplyTypeError : public ClientError {
 public:
  ReplyTypeError(Context context, const std::string& problem)
      : ClientError(std::move(context), problem, Retry::kUseless) {}
};

/// Thrown where EXEC did nothing because a watched key has changed. Trying again is safe.
class WatchError : public ServerError {
 public:
  explicit WatchError(Context context)
      : ServerError(std::move(context), "a watched key was changed by somebody else",
                    Retry::kSafe) {}
};

}  // namespace aiopyr::redis

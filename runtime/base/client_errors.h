#pragma once

#include <string>
#include <string_view>

#include <aiopyr/runtime/base/errors.h>

/// The exceptions of clients: code that asks a database, a cache or an HTTP server.
///
///   Error
///   └── ClientError                 what was asked, of whom, and what came back
///       ├── ConnectError            no connection: look-up, refusal, TLS, authentication
///       ├── ConnectionLostError     the connection broke while an answer was awaited
///       ├── ClientTimeoutError      a time limit of the client ran out
///       ├── PoolExhaustedError      no connection became free in time, or too many wait for one
///       ├── ServerError             the server answered with an error
///       └── ProtocolError           the server sent what its protocol does not allow
///
/// Each client derives its own from them, which hold what it alone knows, such as a SQLSTATE.
/// Messages hold neither secrets nor parameters.
namespace aiopyr {

/// Says whether asking again can do the same thing twice.
enum class Retry {
  kSafe,    ///< nothing of it was done: ask again
  kUnsafe,  ///< it may have been done: ask again only what may be done twice
  kUseless  ///< the same question will get the same answer
};

class ClientError : public Error {
 public:
  /// The parts of a message, of which any may be empty.
  struct Context {
    std::string client;     ///< the kind of client, such as `postgres`
    std::string server;     ///< the address, without user and password
    std::string operation;  ///< what was asked, without parameters
  };

  /// Makes the message `client server: operation: problem`.
  ClientError(Context context, const std::string& problem, Retry retry)
      : Error(message(context, problem)), context_(std::move(context)), retry_(retry) {}

  [[nodiscard]] const std::string& client() const noexcept { return context_.client; }
  [[nodiscard]] const std::string& server() const noexcept { return context_.server; }
  [[nodiscard]] const std::string& operation() const noexcept { return context_.operation; }
  /// Returns whether asking again is safe. It does not say that it would succeed.
  [[nodiscard]] Retry retry() const noexcept { return retry_; }

 private:
  static std::string message(const Context& context, const std::string& problem) {
    std::string text = context.client;
    if (!context.server.empty()) text.append(text.empty() ? "" : " ").append(context.server);
    if (!context.operation.empty()) text.append(text.empty() ? "" : ": ").append(context.operation);
    return text.append(text.empty() ? "" : ": ").append(problem);
  }

  Context context_;
  Retry retry_;
};

/// Raised where no connection could be made, or was not even tried because the server is known to
/// be away. Nothing was asked.
class ConnectError : public ClientError {
 public:
  ConnectError(Context context, const std::string& problem)
      : ClientError(std::move(context), problem, Retry::kSafe) {}
  using ClientError::ClientError;
};

/// Raised where the connection broke before the answer was complete.
class ConnectionLostError : public ClientError {
 public:
  using ClientError::ClientError;
};

/// Raised where a time limit of the client ran out: to send, or to be answered. The connection is
/// closed where the answer could still come.
class ClientTimeoutError : public ClientError {
 public:
  using ClientError::ClientError;
};

/// Raised where a pool has no free connection within its limits. Nothing was asked.
class PoolExhaustedError : public ClientError {
 public:
  PoolExhaustedError(Context context, const std::string& problem)
      : ClientError(std::move(context), problem, Retry::kSafe) {}
};

/// Raised where the server's answer is an error.
class ServerError : public ClientError {
 public:
  using ClientError::ClientError;
};

/// Raised where the server sent what its protocol does not allow. The connection is closed.
class ProtocolError : public ClientError {
 public:
  ProtocolError(Context context, const std::string& problem)
      : ClientError(std::move(context), problem, Retry::kUnsafe) {}
};

}  // namespace aiopyr

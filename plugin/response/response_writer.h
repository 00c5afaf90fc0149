#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/plugin/response/request_core.h>
#include <aiopyr/runtime/web/http/file_body.h>

namespace aiopyr::plugin {

/// Writes a response to its connection without holding the request's core while the client reads:
/// what the client does not take at once goes to ResponseTails, where there is room in memory to
/// keep it, or in a temporary file. Without room the fiber waits, as long as not too many do so
/// (SlowCores); else the slowest client that holds memory is cut off for it, or this one.
///
/// On the request's fiber, once. Afterwards the connection's new owner keeps or closes it; or, if
/// all was sent at once, its stream is still lent to the core. Functions throw ClientDisconnected
/// if the client is gone, CancelledError if the fiber is cancelled.
class ResponseWriter {
 public:
  /// `keep`: the connection is kept for the client's next request. All arguments have to outlive
  /// it.
  ResponseWriter(ClientConnection& connection, ClientConnections& all, RequestCore& core,
                 bool keep) noexcept;

  /// Sends the rest of a head, empty if it has left, and a body.
  void send(std::string_view head, std::string body);
  /// Sends the rest of a head with a part of a file.
  void send(std::string_view head, std::shared_ptr<const FileBody> file, std::uint64_t offset,
            std::size_t length);

 private:
  [[nodiscard]] bool is_tls() const noexcept { return connection_.origin().traits().is_tls; }
  [[nodiscard]] bool may_be_batched(std::size_t head, std::size_t body) const noexcept;
  [[nodiscard]] bool send_in_batch(std::string_view head, std::string_view body);
  [[nodiscard]] std::string_view behind_answers_before(std::string_view head);
  [[nodiscard]] std::size_t send_now(std::string_view head, std::string_view body, int flags);
  [[nodiscard]] int last_flags() const noexcept;
  void end(std::size_t sent);
  [[nodiscard]] Transport& take_stream();
  void send_rest(OutgoingBody body);
  [[nodiscard]] bool find_room(OutgoingBody& body);
  [[nodiscard]] bool move_to_file(OutgoingBody& body);
  [[nodiscard]] OutgoingBody::Progress send_without_room(OutgoingBody& body);
  [[noreturn]] void fail();

  ClientConnection& connection_;
  ClientConnections& all_;
  RequestCore& core_;
  bool keep_;
  std::string long_head_;
};

/// Throws the reason why a client could not be written to: CancelledError if the fiber is
/// cancelled, else ClientDisconnected.
[[noreturn]] void throw_not_written();

}  // namespace aiopyr::plugin

#pragma once

#include <cstddef>
#include <memory>

#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

class ClientConnection;
class ClientConnections;

/// The responses of this worker that are left to their clients to read: they hold no core and no
/// fiber. A client that reads too slowly (aiopyr-write-timeout) is cut off. Together they hold
/// aiopyr-write-buffer bytes at most; beyond that a response keeps its core until it is read.
///
/// On the loop's thread, in the root context.
class ResponseTails {
 public:
  /// `all` has to outlive it.
  explicit ResponseTails(ClientConnections& all) noexcept;
  ~ResponseTails();
  ResponseTails(const ResponseTails&) = delete;
  ResponseTails& operator=(const ResponseTails&) = delete;

  /// Returns room for `bytes` for as long as the result lives; null where there is not so much.
  [[nodiscard]] std::shared_ptr<void> take_room(std::size_t bytes);
  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept;

  /// Sends the rest of a response to the connection, whose stream is not lent. Afterwards the
  /// connection is for its next request where `keep`, else closed (OrderlyCloses).
  void add(std::unique_ptr<ClientConnection> connection, OutgoingBody body, bool keep);
  /// Sends the answers that the connection's client is slow to read; then it is for its next
  /// request. Closed where they are lost, or where there is no memory for that.
  void leave_answers(std::unique_ptr<ClientConnection> connection) noexcept;

  /// Returns of how many something is left to send.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  class Tail;

  void finish(Tail& tail);
  void cut_off(Tail& tail) noexcept;
  void remove(Tail& tail) noexcept;

  ClientConnections& all_;
  std::size_t count_ = 0;
  std::shared_ptr<std::size_t> memory_ = std::make_shared<std::size_t>(0);
  IntrusiveList<Tail> tails_;
};

}  // namespace aiopyr::plugin

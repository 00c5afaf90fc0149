#pragma once

#include <cstddef>
#include <memory>

#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/plugin/io/budget.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

class ClientConnection;
class ClientConnections;

/// The responses of this worker that are left to their clients to read: they hold no core and no
/// fiber. A client that reads too slowly (aiopyr-write-timeout, aiopyr-write-rate) is cut off.
/// Together they hold aiopyr-write-buffer bytes of memory at most, and aiopyr-temp-bytes of
/// temporary files.
///
/// On the loop's thread, in the root context.
class ResponseTails {
 public:
  /// `all` has to outlive it.
  explicit ResponseTails(ClientConnections& all);
  ~ResponseTails();
  ResponseTails(const ResponseTails&) = delete;
  ResponseTails& operator=(const ResponseTails&) = delete;

  /// The memory of those that are not in a file.
  [[nodiscard]] Budget& memory() noexcept { return memory_; }
  /// What temporary files may hold.
  [[nodiscard]] Budget& files() noexcept { return files_; }
  /// Returns whether there are `bytes` of memory, for which the slowest clients of those that hold
  /// some are cut off. None is where all of them would not be enough.
  bool make_room(std::size_t bytes) noexcept;

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
  [[nodiscard]] Tail* slowest_in_memory() noexcept;

  ClientConnections& all_;
  std::size_t count_ = 0;
  Budget memory_;
  Budget files_;
  IntrusiveList<Tail> tails_;
};

}  // namespace aiopyr::plugin

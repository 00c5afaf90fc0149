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

  /// Returns the memory of responses that are not in a file.
  [[nodiscard]] Budget& memory() noexcept { return memory_; }
  /// Returns the bytes that temporary files may hold.
  [[nodiscard]] Budget& files() noexcept { return files_; }
  /// Makes room for `bytes` of memory: cuts off the slowest clients whose responses hold some,
  /// until there is enough. Returns false if there cannot be; cuts off none if `bytes` are more
  /// than all of it.
  bool make_room(std::size_t bytes) noexcept;

  /// Sends the rest of a response to the connection, whose stream is not lent. Afterwards the
  /// connection waits for its next request if `keep`; otherwise it is closed (OrderlyCloses).
  void add(std::unique_ptr<ClientConnection> connection, OutgoingBody body, bool keep);
  /// Sends the answers that the connection's client is slow to read; then the connection waits for
  /// its next request. Closes it if the answers are lost, or if there is no memory for that.
  void leave_answers(std::unique_ptr<ClientConnection> connection) noexcept;

  /// Returns the number of responses that are still being sent.
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

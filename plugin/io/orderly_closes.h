#pragma once

#include <cstddef>
#include <memory>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

/// The limits for reading from connections that end: see OrderlyCloses.
struct LingeringLimits {
  double time = 2;                            ///< aiopyr-lingering-time: seconds; 0 for not at all
  std::size_t bytes = std::size_t{8} << 20U;  ///< aiopyr-lingering-bytes
  std::size_t most = 1000;                    ///< connections at a time
};

/// The connections on which everything was written, and that are about to be closed. Closing a
/// socket with unread input resets it, and what was written last may be lost with that (RFC 9112
/// section 9.6): so the end is told to the client first, and what it still sends is read away, for
/// a time and up to a number of bytes. No core and no fiber waits for it.
///
/// They hold descriptors, and cost a hostile client little: so their number is limited, and code
/// that needs descriptors may close the oldest.
///
/// On the loop's thread, in the root context.
class OrderlyCloses {
 public:
  /// The most of them whose requests were refused.
  static constexpr std::size_t kMostRefused = 100;

  /// Both have to outlive it.
  OrderlyCloses(Loop& loop, const LingeringLimits& limits) noexcept;
  ~OrderlyCloses();
  OrderlyCloses(const OrderlyCloses&) = delete;
  OrderlyCloses& operator=(const OrderlyCloses&) = delete;

  /// Closes a connection. If too many are being closed already, the oldest of them is closed at
  /// once. Throws if its client cannot be waited for; the connection is closed then.
  void add(std::unique_ptr<Transport> transport);
  /// Closes the connection of a refused request: at once, without waiting for its client, if many
  /// are being closed already.
  void add_refused(std::unique_ptr<Transport> transport);

  /// Closes up to `count` of them now, the oldest first. Returns how many were closed.
  std::size_t give_up(std::size_t count) noexcept;

  /// Returns how many are waited for.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  class Close;

  void wait_for(std::unique_ptr<Transport> transport, bool is_refused);
  void remove(Close& close) noexcept;

  Loop& loop_;
  const LingeringLimits& limits_;
  std::size_t count_ = 0;
  std::size_t refused_ = 0;
  IntrusiveList<Close> closes_;  // the oldest first
};

}  // namespace aiopyr::plugin

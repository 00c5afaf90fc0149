#pragma once

#include <cstddef>
#include <memory>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// How long connections that end are still read: see OrderlyCloses.
struct LingeringLimits {
  double time = 2;                            ///< aiopyr-lingering-time: seconds; 0 for not at all
  std::size_t bytes = std::size_t{8} << 20U;  ///< aiopyr-lingering-bytes
};

/// The connections on which everything was written, and that are about to be closed. Closing a
/// socket with unread input resets it, and what was written last may be lost with that (RFC 9112
/// section 9.6): so the end is told to the client first, and what it still sends is read away, for
/// a time and up to a number of bytes. No core and no fiber waits for it.
///
/// On the loop's thread, in the root context. What is still open when this is destroyed is closed
/// by the loop.
class OrderlyCloses {
 public:
  /// `limits` have to outlive it.
  explicit OrderlyCloses(const LingeringLimits& limits) noexcept : limits_(limits) {}

  /// Closes a connection.
  void add(std::unique_ptr<Transport> transport);
  /// Closes the connection of a request that was given up: at once, without waiting for its client,
  /// where many are being closed already. They hold descriptors, and cost a hostile client little.
  void add_refused(std::unique_ptr<Transport> transport);

 private:
  const LingeringLimits& limits_;
  std::shared_ptr<std::size_t> refused_ = std::make_shared<std::size_t>(0);
};

}  // namespace aiopyr::plugin

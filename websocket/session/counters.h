#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr::websocket {

/// Counts the codes with which websockets have ended. Clients choose freely among thousands of
/// codes, so only those that RFC 6455 defines are counted one by one.
class CloseCounters {
 public:
  /// The counters: 1000 to 1015, then 3xxx (registered), 4xxx (the apps' own), all others.
  static constexpr std::size_t kKinds = 19;

  void count(std::uint16_t code) noexcept { kinds_[kind_of(code)].add(); }

  /// Returns the count of a kind. Requires: below kKinds.
  [[nodiscard]] std::uint64_t value(std::size_t kind) const noexcept {
    return kinds_[kind].value();
  }
  [[nodiscard]] const void* address(std::size_t kind) const noexcept {
    return kinds_[kind].address();
  }
  /// Returns the name of a kind: "1000", "3xxx", "other". Requires: below kKinds.
  [[nodiscard]] static std::string_view name_of(std::size_t kind) noexcept;
  [[nodiscard]] static std::size_t kind_of(std::uint16_t code) noexcept;

 private:
  std::array<metrics::Counter, kKinds> kinds_;
};

/// The counters of one loop's websockets, of both mappers. Its thread writes, any reads.
struct Counters {
  metrics::Gauge open;
  metrics::Counter opened;
  metrics::Counter messages_received;
  metrics::Counter messages_sent;
  metrics::Counter bytes_received;  ///< of messages, after decompression
  metrics::Counter bytes_sent;      ///< of messages, before compression
  /// The code of the first close frame, the peer's or ours; 1006 if there was none.
  CloseCounters closes;

  // Messages that others sent to a client that was too slow, by the action taken.
  metrics::Counter dropped_oldest;
  metrics::Counter dropped_newest;
  metrics::Counter coalesced;
  metrics::Counter refused;  ///< the connection was closed because of them

  metrics::DurationHistogram ping_latency;

  void count_received(std::size_t bytes) noexcept {
    messages_received.add();
    bytes_received.add(bytes);
  }
  void count_sent(std::size_t bytes) noexcept {
    messages_sent.add();
    bytes_sent.add(bytes);
  }
  /// Resets the gauges, for a new loop that goes on counting.
  void forget_gauges() noexcept { open.set(0); }
};

}  // namespace aiopyr::websocket

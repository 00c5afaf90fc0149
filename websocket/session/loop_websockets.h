#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/transport/output_batch.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/websocket/messages/spare_strings.h>
#include <aiopyr/websocket/session/counters.h>

namespace aiopyr {
class Websocket;
}

namespace aiopyr::websocket {

/// The entry of an open websocket, of either mapper, in its loop's list.
struct ConnectionHook : ListHook {
  explicit ConnectionHook(Websocket& w) noexcept : websocket(w) {}
  Websocket& websocket;
};

/// The parts that the connections of one loop share, so that an idle one holds no buffers: the
/// input buffer, the memory of output, the batch in which it leaves, and the list of connections.
/// One per thread, as there is one loop per thread. Owns no connection.
class Connections {
 public:
  static Connections& of_this_thread();

  void add(ConnectionHook& hook) noexcept { all_.push_back(hook); }

  /// Calls f on each websocket; f may end the one that it gets, and no other.
  void for_each(const std::function<void(Websocket&)>& f);
  [[nodiscard]] std::size_t count();

  [[nodiscard]] Counters& counters() noexcept { return *counters_; }
  /// Counts in `counters` from now on, which have to outlive the thread. Call it before the first
  /// websocket.
  void set_counters(Counters& counters) noexcept { counters_ = &counters; }

  /// Returns the buffer of the one read that is being handled: nothing else may read meanwhile.
  [[nodiscard]] std::span<std::byte> input() {
    if (input_.empty()) make_input();
    return std::as_writable_bytes(std::span{input_});
  }

  /// Returns the memory for output, used until the output has left.
  [[nodiscard]] SpareStrings& spares() noexcept { return spares_; }
  [[nodiscard]] OutputBatch& output_batch() noexcept { return output_batch_; }

  /// Returns the websocket that the loop works for now; null if there is none, or if it is not
  /// known. May be called in a signal handler on this thread.
  [[nodiscard]] const Websocket* current() const noexcept { return current_; }
  /// Sets it; returns the one before.
  const Websocket* set_current(const Websocket* websocket) noexcept {
    return std::exchange(current_, websocket);
  }

 private:
  void make_input();

  const Websocket* current_ = nullptr;
  Counters own_counters_;
  Counters* counters_ = &own_counters_;
  /// Aligns the input: the kernel copies to an aligned address faster; of 16 KiB, a thirtieth of an
  /// echo.
  struct alignas(64) CacheLine {
    std::array<std::byte, 64> bytes;
  };

  std::vector<CacheLine> input_;
  SpareStrings spares_;
  OutputBatch output_batch_;
  IntrusiveList<ConnectionHook> all_;
};

}  // namespace aiopyr::websocket

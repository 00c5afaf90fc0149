#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

/// The figures of a process's clients (databases, caches, HTTP servers). The table lies in memory
/// that is all zeros at first; in a worker it is shared, so that any worker can report it for all.
/// One thread writes, as for Counter; any thread and process reads.
namespace aiopyr::metrics {

/// A name that is written once, and read by other processes from then on. Longer names are cut.
template <std::size_t kSize>
class FixedName {
 public:
  static constexpr std::size_t kLongest = kSize;

  void set(std::string_view name) noexcept {
    const std::size_t length = name.copy(text_.data(), kSize);
    std::atomic_ref(length_).store(length, std::memory_order_release);
  }
  [[nodiscard]] std::string_view get() const noexcept {
    // std::atomic_ref of a const type exists only from C++26 on.
    auto& length = const_cast<std::size_t&>(length_);
    return {text_.data(), std::atomic_ref(length).load(std::memory_order_acquire)};
  }
  [[nodiscard]] bool is(std::string_view name) const noexcept {
    return get() == name.substr(0, kSize);
  }
  [[nodiscard]] bool empty() const noexcept { return get().empty(); }

 private:
  std::array<char, kSize> text_{};
  std::size_t length_ = 0;
};

/// The ways in which an operation ends.
enum class Outcome : std::uint8_t { kOk, kError, kTimeout, kCancelled };
inline constexpr std::array<std::string_view, 4> kOutcomeNames = {"ok", "error", "timeout",
                                                                  "cancelled"};

/// One kind of operation of a client.
struct OperationFigures {
  FixedName<24> name;
  std::array<Counter, kOutcomeNames.size()> outcomes;
  DurationHistogram times;

  void count(Outcome outcome, std::chrono::nanoseconds time) noexcept {
    outcomes[static_cast<std::size_t>(outcome)].add();
    times.observe(time);
  }
};

/// One client, which is a pool in most cases.
struct ClientFigures {
  /// The most kinds of operations; further ones share the last row, `other`.
  static constexpr std::size_t kOperations = 24;

  FixedName<16> kind;  ///< such as `postgres`
  FixedName<48> name;  ///< which of several, such as a database's
  Gauge connections;   ///< open ones
  Gauge in_use;        ///< those with work
  Gauge waiting;       ///< callers that wait for a connection
  Counter connects;    ///< connections that were made
  Counter connect_failures;
  DurationHistogram acquire_times;  ///< waits for a connection, of those that had to wait
  std::array<OperationFigures, kOperations> operations;

  /// Returns the row of an operation; makes it at its first use.
  [[nodiscard]] OperationFigures& operation(std::string_view operation_name) noexcept;
  /// Resets the gauges, which described an earlier process.
  void forget_gauges() noexcept;
};

/// The clients of one process.
struct ClientFiguresTable {
  /// The most clients; further ones share the last row.
  static constexpr std::size_t kClients = 16;
  std::array<ClientFigures, kClients> clients;

  /// Returns the row of a client; makes it at its first use. Two clients of the same kind and name
  /// share it: their counters add up, and their gauges too, if each only adds.
  [[nodiscard]] ClientFigures& client(std::string_view kind, std::string_view name) noexcept;
  void forget_gauges() noexcept;
};

/// Returns the table for the clients of this thread: the process's for the loop's thread, or for
/// the first that asks; for each other thread one of its own, which nobody reports.
[[nodiscard]] ClientFiguresTable& client_figures();
/// Replaces the process's, which is this thread's from now on, before any client exists: with
/// memory that other processes read.
void set_client_figures(ClientFiguresTable& table) noexcept;

}  // namespace aiopyr::metrics

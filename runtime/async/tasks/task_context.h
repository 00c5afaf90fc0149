#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/inherited_context.h>

namespace aiopyr {

/// The request on whose behalf a task runs: what its clients pass on, and where they count the time
/// that it waited for them. What contextvars are for asyncio.
///
/// A task has the context of the coroutine that awaits it, and of the fiber that synchronizes it. A
/// task that was spawned has none, since it may outlive the request. Loop thread only; it outlives
/// all tasks that have it.
class TaskContext {
 public:
  /// The time waited for one kind of client.
  struct ClientTime {
    std::string_view client;  ///< a literal, such as `postgres`
    std::uint32_t calls = 0;
    Duration time{};
  };

  virtual ~TaskContext() = default;

  /// The time at which the request is given up; nullopt for never.
  std::optional<TimePoint> deadline;

  // Return the request's identifier (X-Request-ID), and its place in a trace (W3C `traceparent` and
  // `tracestate`), to be passed on; empty for none. Valid as long as the request.
  [[nodiscard]] virtual std::string_view request_id() { return {}; }
  [[nodiscard]] virtual std::string_view traceparent() { return {}; }
  [[nodiscard]] virtual std::string_view tracestate() { return {}; }

  /// Adds one call of `client`, a literal. Beyond kMostClients kinds nothing is counted.
  void add_client_time(std::string_view client, Duration time) noexcept {
    std::size_t index = 0;
    while (index < client_count_ && clients_[index].client != client) ++index;
    if (index == kMostClients) return;
    if (index == client_count_) clients_[client_count_++] = {client};
    ++clients_[index].calls;
    clients_[index].time += time;
  }
  [[nodiscard]] std::span<const ClientTime> client_times() const noexcept {
    return {clients_.data(), client_count_};
  }

  /// Forgets what one request left, for the next one.
  void clear() noexcept {
    deadline.reset();
    client_count_ = 0;
  }

  static constexpr std::size_t kMostClients = 8;

 private:
  std::array<ClientTime, kMostClients> clients_{};
  std::size_t client_count_ = 0;
};

/// Returns an awaitable that gives the TaskContext of the awaiting Task, or null, at once:
/// `TaskContext* context = co_await task_context();`.
[[nodiscard]] inline detail::TaskContextAwaiter task_context() noexcept { return {}; }

}  // namespace aiopyr

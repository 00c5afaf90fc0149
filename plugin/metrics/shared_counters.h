#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>
#include <aiopyr/runtime/web/introspection/request_counters.h>
#include <aiopyr/websocket/session/counters.h>

/// What the workers of an instance count, in memory that all of them see: whichever worker is asked
/// tells it of all.
///
/// Each worker has a slot of its own that only its process writes, so nothing is locked; readers
/// add the slots up. A slot belongs to a worker's number: a process that takes the place of one
/// that died goes on with its counters, and begins its gauges anew. A reload of the whole instance
/// begins all of them anew, as a restart does.
namespace aiopyr::plugin {

/// Routes that are told apart, over all apps; row 0 is for requests without one, and for the
/// routes that are too many.
inline constexpr std::size_t kRouteRows = 512;

struct WorkerCounters {
  LoopCounters loop;
  ExecutorCounters executor;
  websocket::Counters websockets;
  metrics::Gauge cores;                    ///< that are taken
  metrics::Gauge queued;                   ///< requests that wait for one
  metrics::Counter refused;                ///< requests that were answered 503 instead
  metrics::DurationHistogram queue_times;  ///< of the others that had to wait
  std::array<RouteCounters, kRouteRows> routes;
  // Apart from these: most pages of it are never touched, and take up no memory then.
  std::array<StatusCounters, kRouteRows> statuses;
};

/// What a row of routes is about.
struct RouteRow {
  std::string_view app;  ///< its mountpoint; empty where the request was for none
  std::string_view route;
};

/// Makes the memory. In the master before it forks; once.
void make_shared_counters();

/// The row of a route, the same in all workers; asked for when an app is loaded, in the master or,
/// with lazy-apps, in each worker. Takes the RegistrationLock. 0 where there are too many routes or
/// the names are too long, and the log says so.
[[nodiscard]] std::size_t row_of_route(std::string_view app, std::string_view route);

/// How many rows there are so far, and what each is about.
[[nodiscard]] std::size_t route_row_count() noexcept;
[[nodiscard]] RouteRow route_row(std::size_t row) noexcept;

/// The slot of a worker, by uWSGI's number for it. Requires: 1 to worker_count().
[[nodiscard]] WorkerCounters& counters_of_worker(int number) noexcept;
[[nodiscard]] int worker_count() noexcept;
/// Whether a process has that number now; the gauges of others are left over from the last one.
[[nodiscard]] bool is_worker_alive(int number) noexcept;

/// Makes the slot of this worker its own. In the worker, before anything is counted.
void adopt_counters() noexcept;
/// This worker's slot; null in processes that have adopted none.
[[nodiscard]] WorkerCounters* own_counters() noexcept;

}  // namespace aiopyr::plugin

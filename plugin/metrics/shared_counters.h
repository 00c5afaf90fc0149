#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/base/client_figures.h>
#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>
#include <aiopyr/runtime/web/introspection/request_counters.h>
#include <aiopyr/websocket/session/counters.h>

/// The counters of an instance's workers, in memory that all of them share: any worker can report
/// them for all.
///
/// Each worker has a slot that only its process writes, so there are no locks; readers add the
/// slots up. A slot belongs to a worker's number: a process that replaces a dead one continues its
/// counters, and resets its gauges. A reload of the whole instance resets all of them, as a restart
/// does.
namespace aiopyr::plugin {

/// The most routes with counters of their own, over all apps; row 0 is for requests without one,
/// and for routes beyond that.
inline constexpr std::size_t kRouteRows = 512;

struct WorkerCounters {
  LoopCounters loop;
  ExecutorCounters executor;
  websocket::Counters websockets;
  metrics::Gauge cores;                    ///< cores that are taken
  metrics::Gauge queued;                   ///< requests that wait for one
  metrics::Counter refused;                ///< requests that were answered 503 instead
  metrics::DurationHistogram queue_times;  ///< of requests that had to wait and were served
  metrics::ClientFiguresTable clients;     ///< of databases and servers that apps ask
  std::array<RouteCounters, kRouteRows> routes;
  // Separate, since most pages of it are never touched, and then take up no memory.
  std::array<StatusCounters, kRouteRows> statuses;
};

/// The route of a row.
struct RouteRow {
  std::string_view app;  ///< its mountpoint; empty for requests for no app
  std::string_view route;
};

/// Makes the memory. In the master before it forks; once.
void make_shared_counters();

/// Returns the row of a route, the same in all workers; called when an app is loaded, in the master
/// or, with lazy-apps, in each worker. Takes the RegistrationLock. Returns 0, and logs it, if there
/// are too many routes or the names are too long.
[[nodiscard]] std::size_t row_of_route(std::string_view app, std::string_view route);

/// Return how many rows there are so far, and the route of each.
[[nodiscard]] std::size_t route_row_count() noexcept;
[[nodiscard]] RouteRow route_row(std::size_t row) noexcept;

/// Returns the slot of a worker, by uWSGI's number for it. Requires: 1 to worker_count().
[[nodiscard]] WorkerCounters& counters_of_worker(int number) noexcept;
[[nodiscard]] int worker_count() noexcept;
/// Returns whether a process has that number now; otherwise its gauges are those of the last one.
[[nodiscard]] bool is_worker_alive(int number) noexcept;

/// Makes the slot of this worker its own. In the worker, before anything is counted.
void adopt_counters() noexcept;
/// Returns this worker's slot; null in processes that have adopted none.
[[nodiscard]] WorkerCounters* own_counters() noexcept;

}  // namespace aiopyr::plugin

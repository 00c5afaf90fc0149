#include <algorithm>
#include <atomic>
#include <string>
#include <sys/mman.h>
#include <type_traits>

#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/registration_lock.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

using Name = metrics::FixedName<127>;

struct RowName {
  Name app;
  Name route;
};

/// The names of the rows. Row 0 has empty names.
struct RouteNames {
  std::uint32_t count;  // used by atomic_ref: rows below it are complete and do not change
  std::array<RowName, kRouteRows> rows;
};

// Mapped memory is all zeros, and no constructor runs, which would touch every page.
static_assert(std::is_trivially_destructible_v<WorkerCounters> &&
              std::is_trivially_copy_constructible_v<WorkerCounters>);

struct SharedMemory {
  RouteNames* names = nullptr;
  WorkerCounters* workers = nullptr;
  int worker_count = 0;
  WorkerCounters* own = nullptr;
};

SharedMemory shared;

void* map_shared(std::size_t size) {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail_start("there is no memory for the metrics of the workers");
  return memory;
}

std::size_t find_row(std::string_view app, std::string_view route) noexcept {
  const std::size_t count = route_row_count();
  for (std::size_t row = 0; row < count; ++row) {
    if (route_row(row).app == app && route_row(row).route == route) return row;
  }
  return count;
}

}  // namespace

void make_shared_counters() {
  if (shared.workers != nullptr) return;
  shared.worker_count = std::max(uwsgi.numproc, 1);
  shared.names = static_cast<RouteNames*>(map_shared(sizeof(RouteNames)));
  shared.workers = static_cast<WorkerCounters*>(
      map_shared(sizeof(WorkerCounters) * static_cast<std::size_t>(shared.worker_count)));
  shared.names->count = 1;
}

std::size_t route_row_count() noexcept {
  return std::atomic_ref(shared.names->count).load(std::memory_order_acquire);
}

RouteRow route_row(std::size_t row) noexcept {
  const RowName& name = shared.names->rows[row];
  return {name.app.get(), name.route.get()};
}

std::size_t row_of_route(std::string_view app, std::string_view route) {
  if (std::max(app.size(), route.size()) > Name::kLongest) {
    log_line("the metrics do not tell route " + std::string(route) +
             " from others: its name or mountpoint is longer than 127 bytes");
    return 0;
  }
  const RegistrationLock lock;
  const std::size_t row = find_row(app, route);
  if (row < route_row_count()) return row;
  if (row == kRouteRows) {
    log_line("the metrics do not tell route " + std::string(route) + " from others: there are " +
             std::to_string(kRouteRows - 1) + " already");
    return 0;
  }
  shared.names->rows[row].app.set(app);
  shared.names->rows[row].route.set(route);
  std::atomic_ref(shared.names->count)
      .store(static_cast<std::uint32_t>(row + 1), std::memory_order_release);
  return row;
}

WorkerCounters& counters_of_worker(int number) noexcept { return shared.workers[number - 1]; }

int worker_count() noexcept { return shared.worker_count; }

bool is_worker_alive(int number) noexcept {
  const uwsgi_worker& worker = uwsgi.workers[number];
  return worker.pid > 0 && worker.cheaped == 0;
}

void adopt_counters() noexcept {
  WorkerCounters& own = counters_of_worker(uwsgi.mywid);
  own.loop.forget_gauges();
  own.executor.forget_gauges();
  own.websockets.forget_gauges();
  own.cores.set(0);
  own.queued.set(0);
  own.clients.forget_gauges();
  metrics::set_client_figures(own.clients);
  shared.own = &own;
}

WorkerCounters* own_counters() noexcept { return shared.own; }

}  // namespace aiopyr::plugin

#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/request/request_notes.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

RequestNotes* notes_of(const wsgi_request& request) noexcept {
  return own_counters() != nullptr ? &served_request_of(request).notes : nullptr;
}

void count_request(const wsgi_request& request) noexcept {
  constexpr int kSwitchingProtocols = 101;
  WorkerCounters* own = own_counters();
  if (own == nullptr) return;
  const RequestNotes& notes = served_request_of(request).notes;
  RouteCounters& route = own->routes[notes.row];
  route.requests.add();
  own->statuses[notes.row].count(request.status);
  if (notes.queue_time > Duration::zero()) own->queue_times.observe(notes.queue_time);
  if (notes.begun && request.status != kSwitchingProtocols) {
    route.durations.observe(Clock::now() - *notes.begun);
  }
}

}  // namespace aiopyr::plugin

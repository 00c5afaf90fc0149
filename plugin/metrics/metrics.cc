#include <cstddef>

#include <aiopyr/plugin/metrics/client_metrics.h>
#include <aiopyr/plugin/metrics/figures.h>
#include <aiopyr/plugin/metrics/metrics.h>
#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/web/introspection/exposition.h>

namespace aiopyr::plugin {

namespace {

using metrics::DurationHistogram;
using metrics::Exposition;
using Type = Exposition::Type;

/// Returns the sum of f(counters) over all workers.
template <class F>
auto sum_over_workers(F f) {
  decltype(f(counters_of_worker(1))) sum{};
  for (int number = 1; number <= worker_count(); ++number) sum += f(counters_of_worker(number));
  return sum;
}

std::uint64_t requests_of(std::size_t row) {
  return sum_over_workers(
      [row](const WorkerCounters& slot) { return slot.routes[row].requests.value(); });
}

/// Calls f for each row that has had a request; others are not shown, nor is their memory touched.
template <class F>
void for_each_used_row(F f) {
  for (std::size_t row = 0; row < route_row_count(); ++row) {
    if (requests_of(row) > 0) f(row, route_row(row));
  }
}

void write_requests(Exposition& out) {
  out.begin(Type::kCounter, "aiopyr_http_requests_total", "Requests that were answered.");
  for_each_used_row([&](std::size_t row, const RouteRow& name) {
    for (int status = StatusCounters::kFirst; status <= StatusCounters::kLast; ++status) {
      const std::uint64_t count = sum_over_workers(
          [&](const WorkerCounters& slot) { return slot.statuses[row].value(status); });
      if (count == 0) continue;
      out.add({{"app", name.app}, {"route", name.route}, {"status", std::to_string(status)}},
              count);
    }
  });
}

void write_durations(Exposition& out) {
  out.begin(Type::kHistogram, "aiopyr_http_request_duration_seconds",
            "From when its plugin was asked to when its core was free again; without websockets.");
  for_each_used_row([&](std::size_t row, const RouteRow& name) {
    const auto totals = sum_over_workers(
        [row](const WorkerCounters& slot) { return slot.routes[row].durations.totals(); });
    if (totals.count() > 0) out.add({{"app", name.app}, {"route", name.route}}, totals);
  });
}

void write_figure(Exposition& out, const Figure& figure) {
  const std::int64_t total = figure.total();
  const metrics::Label label{figure.label, figure.label_value};
  if (figure.unit == 1) {
    out.add({label}, total);
  } else {
    out.add({label}, static_cast<double>(total) * figure.unit);
  }
}

void write_figures(Exposition& out) {
  std::string_view family;
  for (const Figure& figure : figures()) {
    if (figure.family != family) {
      family = figure.family;
      out.begin(figure.kind == Figure::Kind::kCounter ? Type::kCounter : Type::kGauge, family,
                figure.help);
    }
    write_figure(out, figure);
  }
}

void write_histograms(Exposition& out) {
  out.begin(Type::kHistogram, "aiopyr_loop_lag_seconds",
            "Turns of the loops: how long nobody else was served.");
  out.add({},
          sum_over_workers([](const WorkerCounters& slot) { return slot.loop.turns.totals(); }));
  out.begin(Type::kHistogram, "aiopyr_request_queue_seconds",
            "How long requests waited for a core that had to and got one.");
  out.add({},
          sum_over_workers([](const WorkerCounters& slot) { return slot.queue_times.totals(); }));
  out.begin(Type::kHistogram, "aiopyr_websocket_ping_latency_seconds", "From a ping to its pong.");
  out.add({}, sum_over_workers([](const WorkerCounters& slot) {
            return slot.websockets.ping_latency.totals();
          }));
}

/// Writes the limits to which the figures are compared.
void write_limits(Exposition& out) {
  std::int64_t workers = 0;
  for (int number = 1; number <= worker_count(); ++number) workers += is_worker_alive(number);
  const auto gauge = [&](std::string_view name, std::string_view help, std::int64_t value) {
    out.begin(Type::kGauge, name, help);
    out.add({}, value);
  };
  gauge("aiopyr_workers", "Worker processes.", workers);
  gauge("aiopyr_cores", "Cores of all workers.", workers * uwsgi.async);
  gauge("aiopyr_executor_threads", "Threads of all workers' executors, at most.",
        workers * static_cast<std::int64_t>(options().executor_threads));
  gauge("aiopyr_stack_size_bytes", "The stack of a fiber.",
        static_cast<std::int64_t>(options().stack_size));
}

/// The collector `func` of uWSGI, called in the master.
extern "C" {
static std::int64_t aiopyr_metric_total(uwsgi_metric* metric) {
  return figures()[static_cast<std::size_t>(metric->arg1n)].total();
}
}

std::uint8_t uwsgi_type_of(const Figure& figure) {
  return figure.kind == Figure::Kind::kCounter ? UWSGI_METRIC_COUNTER : UWSGI_METRIC_GAUGE;
}

void register_total(std::size_t index) {
  const Figure& figure = figures()[index];
  const std::string name = "aiopyr." + figure.name;
  uwsgi_metric* metric = uwsgi_register_metric(
      const_cast<char*>(name.c_str()), nullptr, uwsgi_type_of(figure), const_cast<char*>("func"),
      nullptr, 0, reinterpret_cast<void*>(aiopyr_metric_total));
  metric->arg1 = const_cast<char*>("aiopyr");  // without it the collector gives 0
  metric->arg1n = static_cast<std::int64_t>(index);
}

void register_of_worker(const Figure& figure, int number) {
  const std::string name = "aiopyr.worker." + std::to_string(number) + "." + figure.name;
  const void* at = figure.address(counters_of_worker(number), figure.index);
  uwsgi_register_metric(const_cast<char*>(name.c_str()), nullptr, uwsgi_type_of(figure),
                        const_cast<char*>("ptr"), const_cast<void*>(at), 0, nullptr);
}

}  // namespace

std::string write_metrics() {
  Exposition out;
  write_requests(out);
  write_durations(out);
  write_limits(out);
  write_figures(out);
  write_histograms(out);
  write_client_metrics(out);
  return out.take();
}

void register_uwsgi_metrics() {
  if (!uwsgi.has_metrics) return;
  for (std::size_t i = 0; i < figures().size(); ++i) register_total(i);
  for (int number = 1; number <= worker_count(); ++number) {
    for (const Figure& figure : figures()) register_of_worker(figure, number);
  }
}

}  // namespace aiopyr::plugin

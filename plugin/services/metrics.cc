#include <algorithm>
#include <string>

#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/uwsgi/metrics.h>

namespace aiopyr::uwsgi {

namespace {

constexpr const char* kOff = "metrics are off: set enable-metrics = true";

bool is_name_character(char c) noexcept {
  return is_ascii_alnum(c) || c == '.' || c == '-' || c == '_';
}

/// Returns memory for a value that all processes share; uWSGI allocates it in whole pages.
std::int64_t* take_shared_value() {
  constexpr std::size_t kAtOnce = 512;
  static std::int64_t* next = nullptr;
  static std::size_t left = 0;
  if (left == 0) {
    next = static_cast<std::int64_t*>(uwsgi_calloc_shared(kAtOnce * sizeof *next));
    left = kAtOnce;
  }
  --left;
  return next++;
}

uwsgi_metric* find_metric(std::string_view name) {
  return uwsgi_metric_find_by_namen(plugin::chars(name), name.size());
}

std::uint8_t number_of(MetricType type) noexcept {
  switch (type) {
    case MetricType::kCounter:
      return UWSGI_METRIC_COUNTER;
    case MetricType::kGauge:
      return UWSGI_METRIC_GAUGE;
    case MetricType::kAbsolute:
      break;
  }
  return UWSGI_METRIC_ABSOLUTE;
}

/// Adds a metric with memory of its own: uWSGI has allocated its metrics before apps are loaded.
void add_metric(std::string name, MetricType type) {
  plugin::require_starting("register_metric of " + name + ", which the ini file does not have,");
  uwsgi_metric* added =
      uwsgi_register_metric(name.data(), nullptr, number_of(type), nullptr, nullptr, 0, nullptr);
  if (added == nullptr) throw ConfigurationError("the metric " + name + " is not registered");
  added->value = take_shared_value();
}

/// Wraps a sum or product around if it does not fit into std::int64_t.
std::int64_t wrap(std::uint64_t value) noexcept { return static_cast<std::int64_t>(value); }
std::uint64_t bits(std::int64_t value) noexcept { return static_cast<std::uint64_t>(value); }

/// Holds uWSGI's lock of all metrics, only for an addition, so any thread may wait for it.
class MetricsLock {
 public:
  MetricsLock() noexcept { ::uwsgi.lock_ops.wlock(::uwsgi.metrics_lock); }
  ~MetricsLock() { ::uwsgi.lock_ops.rwunlock(::uwsgi.metrics_lock); }
  MetricsLock(const MetricsLock&) = delete;
  MetricsLock& operator=(const MetricsLock&) = delete;
};

}  // namespace

template <class F>
void Metric::change(F f) const {
  if (metric_->collector != nullptr || metric_->type == UWSGI_METRIC_ALIAS) {
    throw Error(std::string("the metric ") + metric_->name +
                " is collected by uWSGI: read it only");
  }
  const MetricsLock lock;
  *metric_->value = f(*metric_->value);
}

std::int64_t Metric::get() const noexcept {
  const MetricsLock lock;
  return *metric_->value;
}

void Metric::set(std::int64_t value) const {
  change([value](std::int64_t) { return value; });
}

void Metric::inc(std::int64_t by) const {
  change([by](std::int64_t old) { return wrap(bits(old) + bits(by)); });
}

void Metric::dec(std::int64_t by) const {
  change([by](std::int64_t old) { return wrap(bits(old) - bits(by)); });
}

void Metric::mul(std::int64_t by) const {
  change([by](std::int64_t old) { return wrap(bits(old) * bits(by)); });
}

void Metric::div(std::int64_t by) const {
  if (by == 0) throw Error(std::string("the metric ") + metric_->name + " is not divided by 0");
  // This division overflows for the least value, and would trap.
  if (by == -1) return mul(-1);
  change([by](std::int64_t old) { return old / by; });
}

void Metric::set_max(std::int64_t value) const {
  change([value](std::int64_t old) { return std::max(old, value); });
}

void Metric::set_min(std::int64_t value) const {
  change([value](std::int64_t old) { return std::min(old, value); });
}

Metric metric(std::string_view name) {
  if (!::uwsgi.has_metrics) throw Error(kOff);
  uwsgi_metric* const found = find_metric(name);
  if (found == nullptr || found->value == nullptr) {
    throw KeyError("there is no metric '" + std::string(name) +
                   "': register_metric() it when the app is configured, or set metric = NAME");
  }
  return Metric(*found);
}

Metric register_metric(std::string_view name, MetricType type) {
  if (!::uwsgi.has_metrics) throw ConfigurationError(kOff);
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_character)) {
    throw ConfigurationError("a metric '" + std::string(name) +
                             "': expected letters, digits, '.', '-' and '_'");
  }
  if (find_metric(name) == nullptr) add_metric(std::string(name), type);
  return metric(name);
}

std::int64_t metric_get(std::string_view name) { return metric(name).get(); }
void metric_set(std::string_view name, std::int64_t value) { metric(name).set(value); }
void metric_inc(std::string_view name, std::int64_t by) { metric(name).inc(by); }
void metric_dec(std::string_view name, std::int64_t by) { metric(name).dec(by); }
void metric_mul(std::string_view name, std::int64_t by) { metric(name).mul(by); }
void metric_div(std::string_view name, std::int64_t by) { metric(name).div(by); }

}  // namespace aiopyr::uwsgi

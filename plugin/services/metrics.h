#pragma once

#include <cstdint>
#include <string_view>

struct uwsgi_metric;

/// uWSGI's metrics (`enable-metrics = true`): numbers that all processes share, shown by the stats
/// server, pushers and log formats.
namespace aiopyr::uwsgi {

enum class MetricType { kCounter, kGauge, kAbsolute };

/// A metric, looked up once: cheaper than the functions by name, which search a list that is long
/// with many cores. May be copied, and used in any thread of any process; changes are atomic, and
/// wrap around if the value gets too large.
///
/// All functions except get() throw Error if uWSGI itself collects the value.
class Metric {
 public:
  [[nodiscard]] std::int64_t get() const noexcept;
  void set(std::int64_t value) const;
  void inc(std::int64_t by = 1) const;
  void dec(std::int64_t by = 1) const;
  void mul(std::int64_t by) const;
  /// Divides it. Throws Error if `by` is 0.
  void div(std::int64_t by) const;
  /// Set it only if that makes it greater, or less.
  void set_max(std::int64_t value) const;
  void set_min(std::int64_t value) const;

 private:
  friend Metric metric(std::string_view name);
  explicit Metric(uwsgi_metric& metric) noexcept : metric_(&metric) {}

  template <class F>
  void change(F f) const;

  uwsgi_metric* metric_;
};

/// Returns the metric of that name. Throws KeyError if there is none, Error without
/// `enable-metrics`.
[[nodiscard]] Metric metric(std::string_view name);

/// Adds a metric, or returns the one of that name that the ini file has added (`metric = NAME`).
/// The name has letters, digits, `.`, `-` and `_`. Called when the app is configured, in the
/// master; with `lazy-apps` it has to be in the ini file. Otherwise throws ConfigurationError.
Metric register_metric(std::string_view name, MetricType type = MetricType::kCounter);

/// Functions by name, as in Python; each does as that of Metric, and throws as metric().
[[nodiscard]] std::int64_t metric_get(std::string_view name);
void metric_set(std::string_view name, std::int64_t value);
void metric_inc(std::string_view name, std::int64_t by = 1);
void metric_dec(std::string_view name, std::int64_t by = 1);
void metric_mul(std::string_view name, std::int64_t by);
void metric_div(std::string_view name, std::int64_t by);

}  // namespace aiopyr::uwsgi

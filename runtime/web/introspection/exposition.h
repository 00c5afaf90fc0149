#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr::metrics {

struct Label {
  std::string_view name;   ///< empty: the label is not written
  std::string_view value;  ///< any text: it is escaped
};
using Labels = std::initializer_list<Label>;

/// Writes figures in Prometheus' text format, version 0.0.4. Any thread, one at a time.
///
/// All samples of a family follow its begin(), each with other labels. Names are not checked: they
/// come from the caller's source, `[a-zA-Z_:][a-zA-Z0-9_:]*`.
class Exposition {
 public:
  enum class Type { kCounter, kGauge, kHistogram };

  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  void begin(Type type, std::string_view name, std::string_view help);

  void add(Labels labels, std::int64_t value);
  void add(Labels labels, std::uint64_t value);
  void add(Labels labels, double value);
  /// Adds a duration in seconds, Prometheus' unit of durations.
  void add(Labels labels, std::chrono::nanoseconds value);
  /// Adds a sample of a family of histograms: its buckets, each including the shorter ones, sum and
  /// count.
  void add(Labels labels, const DurationHistogram::Totals& totals);

  [[nodiscard]] std::string take() noexcept { return std::move(text_); }

 private:
  void add_sample(std::string_view suffix, Labels labels, Label more, std::string_view value);

  std::string name_;
  std::string text_;
};

}  // namespace aiopyr::metrics

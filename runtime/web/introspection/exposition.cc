#include <array>
#include <charconv>
#include <cmath>

#include <aiopyr/runtime/web/introspection/exposition.h>

namespace aiopyr::metrics {
namespace {

constexpr Label kNoLabel{};

double in_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Formats a number in its shortest form, without an exponent: buckets are identified by this text.
std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

void append_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && in_quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void append_label(std::string& out, const Label& label) {
  if (label.name.empty()) return;
  out += out.empty() ? '{' : ',';
  out.append(label.name).append("=\"");
  append_escaped(out, label.value, true);
  out += '"';
}

std::string_view name_of_type(Exposition::Type type) {
  switch (type) {
    case Exposition::Type::kCounter:
      return "counter";
    case Exposition::Type::kGauge:
      return "gauge";
    case Exposition::Type::kHistogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

void Exposition::begin(Type type, std::string_view name, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(name_of_type(type)).append("\n");
}

void Exposition::add_sample(std::string_view suffix, Labels labels, Label more,
                            std::string_view value) {
  std::string braces;
  for (const Label& label : labels) append_label(braces, label);
  append_label(braces, more);
  if (!braces.empty()) braces += '}';
  text_.append(name_).append(suffix).append(braces).append(" ").append(value).append("\n");
}

void Exposition::add(Labels labels, std::int64_t value) {
  add_sample({}, labels, kNoLabel, std::to_string(value));
}

void Exposition::add(Labels labels, std::uint64_t value) {
  add_sample({}, labels, kNoLabel, std::to_string(value));
}

void Exposition::add(Labels labels, double value) {
  add_sample({}, labels, kNoLabel, number_text(value));
}

void Exposition::add(Labels labels, std::chrono::nanoseconds value) {
  add(labels, in_seconds(value));
}

void Exposition::add(Labels labels, const DurationHistogram::Totals& totals) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < totals.buckets.size(); ++i) {
    count += totals.buckets[i];
    const auto& bounds = DurationHistogram::kBounds;
    const std::string bound = i < bounds.size() ? number_text(in_seconds(bounds[i])) : "+Inf";
    add_sample("_bucket", labels, {"le", bound}, std::to_string(count));
  }
  add_sample("_sum", labels, kNoLabel, number_text(in_seconds(totals.sum)));
  add_sample("_count", labels, kNoLabel, std::to_string(count));
}

}  // namespace aiopyr::metrics

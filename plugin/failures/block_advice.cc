#include <algorithm>
#include <array>

#include <aiopyr/plugin/failures/block_advice.h>

namespace aiopyr::plugin {

namespace {

/// An advice for a place, recognized by a part of the function's name or by the beginning of the
/// file's.
struct Rule {
  std::string_view function;
  std::string_view file;
  std::string_view advice;
};

constexpr std::string_view kPublish =
    "a message goes to many subscribers: publish to smaller topics, or fewer and shorter messages";
constexpr std::string_view kCompress =
    "a large message is compressed: send it in pieces (send_fragments), compress it once in "
    "run_in_executor, or turn compression off for it";
constexpr std::string_view kInflate =
    "a large message is inflated: lower the mapper's max_size, or turn compression off";
constexpr std::string_view kJson =
    "large JSON is parsed or written: do that in a plain view or run_in_executor, or in smaller "
    "parts";
constexpr std::string_view kPython =
    "Python runs on the loop: give its apps an instance of their own";
constexpr std::string_view kUwsgi =
    "uWSGI's own function waits: call it in a plain view or run_in_executor";
constexpr std::string_view kOther = "move what blocks into a plain view or run_in_executor";

constexpr std::array kRules{
    Rule{"topics::Hub::", "", kPublish},
    Rule{"topics::Topic::", "", kPublish},
    Rule{"websocket::Deflater::", "", kCompress},
    Rule{"websocket::Inflater::", "", kInflate},
    Rule{"aiopyr::parse_json(", "", kJson},
    Rule{"aiopyr::write_json(", "", kJson},
    Rule{"nlohmann::", "", kJson},
    Rule{"", "python", kPython},
    Rule{"", "libpython", kPython},
    Rule{"", "uwsgi", kUwsgi},
};

bool applies(const Rule& rule, const CodePlace& place) noexcept {
  if (!rule.file.empty()) return std::string_view(place.file).starts_with(rule.file);
  return place.function.find(rule.function) != std::string::npos;
}

/// Returns whether a place is the loop's own: the frames outside of it are on every stack.
bool is_loop(const CodePlace& place) noexcept {
  return place.function.starts_with("aiopyr::Loop::run_once(") ||
         place.function.starts_with("aiopyr::Fiber::main_loop(");
}

}  // namespace

std::string_view advice_about(std::span<const CodePlace> stack) noexcept {
  for (const CodePlace& place : stack) {
    if (is_loop(place)) break;
    const auto* const rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& candidate) {
      return applies(candidate, place);
    });
    if (rule != kRules.end()) return rule->advice;
  }
  return kOther;
}

}  // namespace aiopyr::plugin

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/base/readable_name.h>

namespace aiopyr {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

/// Drops `[abi:cxx11]` and similar tags: they distinguish mangled symbols, not functions.
void drop_abi_tags(std::string& text) {
  for (std::size_t at = text.find("[abi:"); at != std::string::npos; at = text.find("[abi:", at)) {
    const std::size_t end = text.find(']', at);
    if (end == std::string::npos) return;
    text.erase(at, end - at + 1);
  }
}

/// Returns the position after the `>` that closes the `<` at `open`, or npos.
std::size_t end_of_arguments(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '<') ++depth;
    if (text[at] == '>' && --depth == 0) return at + 1;
  }
  return std::string_view::npos;
}

/// Replaces each `TEMPLATE<...>`, whatever its arguments are.
void replace_instances(std::string& text, std::string_view of, std::string_view with) {
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at)) {
    const std::size_t end = end_of_arguments(text, at + of.size() - 1);
    if (end == std::string::npos) return;
    text.replace(at, end - at, with);
    at += with.size();
  }
}

/// Drops the version from the namespace in which nlohmann-json 3.11 keeps its types.
void drop_json_version(std::string& text) {
  constexpr std::string_view kBegin = "nlohmann::json_abi_v";
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    const std::size_t end = text.find("::", at + kBegin.size());
    if (end == std::string::npos) return;
    constexpr std::size_t kKept = std::string_view("nlohmann").size();
    text.erase(at + kKept, end - at - kKept);
  }
}

/// Writes clang's name of a lambda, `$_0`, as g++ does: `{lambda#1}`.
void name_lambdas(std::string& text) {
  constexpr std::string_view kBegin = "$_";
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    const std::size_t number = at + kBegin.size();
    std::size_t end = number;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    // No compiler numbers lambdas with more digits than these.
    if (end == number || end - number > 6) {
      at = end;
      continue;
    }
    const int count = std::stoi(text.substr(number, end - number)) + 1;
    const std::string name = "{lambda#" + std::to_string(count) + "}";
    text.replace(at, end - at, name);
    at += name.size();
  }
}

}  // namespace

std::string readable_name(std::string name) {
  static constexpr auto kShortNames = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"(anonymous namespace)::", ""},
      {"{anonymous}::", ""},
      {"std::__cxx11::", "std::"},
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
      {"std::basic_string_view<char, std::char_traits<char> >", "std::string_view"},
  });
  drop_abi_tags(name);
  for (const auto& [from, to] : kShortNames) replace_all(name, from, to);
  drop_json_version(name);
  replace_instances(name, "nlohmann::basic_json<", "nlohmann::json");
  replace_all(name, " >", ">");
  name_lambdas(name);
  return name;
}

}  // namespace aiopyr

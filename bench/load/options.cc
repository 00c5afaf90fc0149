#include "options.h"

#include <charconv>
#include <cstring>
#include <functional>
#include <map>
#include <string_view>

namespace load {

namespace {

template <class Number>
void read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw LoadError("not a number that can be meant: " + std::string(text));
}

using Setter = std::function<void(std::string_view)>;

std::map<std::string_view, Setter> setters(Options& options) {
  const auto number = [](auto& target) -> Setter {
    return [&target](std::string_view text) { read(text, target); };
  };
  return {
      {"--port", number(options.port)},
      {"--path", [&options](std::string_view text) { options.path = text; }},
      {"--header", [&options](std::string_view text) { options.headers.emplace_back(text); }},
      {"--connections", number(options.connections)},
      {"--depth", number(options.depth)},
      {"--size", number(options.size)},
      {"--status", number(options.status)},
      {"--length",
       [&options](std::string_view text) {
         if (text == "any") {
           options.length = kAnyLength;
         } else {
           read(text, options.length);
         }
       }},
      {"--sleeps", [&options](std::string_view text) { options.sleeps = text == "yes"; }},
      {"--warmup", number(options.measurement.warmup_s)},
      {"--seconds", number(options.measurement.seconds)},
      {"--pid",
       [&options](std::string_view text) { read(text, options.measurement.pids.emplace_back()); }},
      {"--core", number(options.core)},
  };
}

}  // namespace

Options parse_options(int count, char** arguments) {
  if (count < 2) throw LoadError("no mode given");
  Options options;
  options.mode = arguments[1];
  const auto known = setters(options);
  for (int i = 2; i < count; i += 2) {
    const auto setter = known.find(arguments[i]);
    if (setter == known.end()) throw LoadError(std::string("unknown option ") + arguments[i]);
    if (i + 1 == count) throw LoadError(std::string("no value for ") + arguments[i]);
    setter->second(arguments[i + 1]);
  }
  if (options.port == 0) throw LoadError("--port has to be given");
  if (options.connections == 0 || options.depth == 0 || options.size == 0)
    throw LoadError("--connections, --depth and --size have to be 1 or more");
  return options;
}

}  // namespace load

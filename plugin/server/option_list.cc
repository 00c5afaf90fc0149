#include <algorithm>
#include <sstream>
#include <utility>

#include <aiopyr/plugin/server/option_list.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/nearest.h>
#include <aiopyr/websocket/views/mapper.h>

namespace aiopyr::plugin {

namespace {

/// A visitor for std::visit, made of one function for each type.
template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
// Needed by clang 14, which does not deduce it by itself.
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;
constexpr std::size_t kGiB = 1024 * kMiB;

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

bool add_setting(Options& options, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  options.settings[trimmed(text.substr(0, equals))] = trimmed(text.substr(equals + 1));
  return true;
}

bool add_request_header(Options& options, std::string_view text) {
  if (text.find(':') == std::string_view::npos || text.starts_with(':')) return false;
  options.request_headers.emplace_back(text);
  return true;
}

std::vector<ListedOption> make_list() {
  using O = Options;
  return {
      {"aiopyr", TakesCount{&O::cores, 0, 2, 1'000'000},
       "a shortcut: the aiopyr loop engine with this many cores, and what it needs"},
      {"aiopyr-app",
       TakesText{"a file", [](O& o, std::string_view file) { return o.app = file, true; }},
       "load a hosted app from a shared object"},
      {"aiopyr-set", TakesText{"key=value", add_setting}, "a setting for the hosted apps"},
      {"aiopyr-executor-threads", TakesCount{&O::executor_threads, 32, 1},
       "threads for plain views and run_in_executor"},
      {"aiopyr-executor-queue", TakesCount{&O::executor_queue, 1000, 1},
       "jobs that may wait for those threads"},
      {"aiopyr-stack-size", TakesCount{&O::stack_size, 256 * kKiB, 64 * kKiB},
       "bytes of stack for each request's fiber"},
      {"aiopyr-max-body", TakesCount{&O::max_body, 16 * kMiB, 1}, "largest request body in bytes"},
      {"aiopyr-request-timeout", TakesSeconds{&O::request_timeout, 0},
       "time that a request has for its answer; 0 for any time"},
      {"aiopyr-block-warning", TakesSeconds{&O::block_warning, 0.1},
       "time for which code may block the loop before it is logged; 0 for any time"},
      {"aiopyr-read-timeout", TakesSeconds{&O::read_timeout, 20},
       "time that a client has to send a request, and a second more for each 500 bytes of its "
       "body; 0 for any time"},
      {"aiopyr-write-timeout", TakesSeconds{&O::write_timeout, 20},
       "time in which a client has to take 500 bytes each of a response; 0 for any time"},
      {"aiopyr-write-rate", TakesCount{&O::write_rate, 500},
       "bytes a second that a client has to take of a response on the whole; 0 for any number"},
      {"aiopyr-keep-alive", TakesSeconds{&O::keep_alive, 75},
       "time for which a connection is kept between two requests; 0 to close it"},
      {"aiopyr-keep-alive-requests", TakesCount{&O::keep_alive_requests, 0},
       "requests that are answered on a connection; 0 for any number"},
      {"aiopyr-write-buffer", TakesCount{&O::write_buffer, 64 * kMiB, 1},
       "bytes of responses that wait in memory for slow clients, without a core"},
      {"aiopyr-temp-bytes", TakesCount{&O::temp_bytes, kGiB},
       "bytes of those beyond it that wait in temporary files; 0 for none"},
      {"aiopyr-temp-folder",
       TakesText{"a folder",
                 [](O& o, std::string_view folder) { return o.temp_folder = folder, true; }},
       "folder of these files; TMPDIR or /var/tmp where it is not given"},
      {"aiopyr-slow-cores", TakesCount{&O::slow_cores, 0, 1},
       "cores that slow senders of bodies and slow readers of responses may hold together; half of "
       "all where it is not given"},
      {"aiopyr-lingering-time", TakesSeconds{&O::lingering_time, 2},
       "time for which a connection that ends is still read, so that its client gets the answer; "
       "0 to close it at once"},
      {"aiopyr-lingering-bytes", TakesCount{&O::lingering_bytes, 8 * kMiB, 0},
       "bytes that are read of it meanwhile"},
      {"aiopyr-queue", TakesCount{&O::queue, 1000, 1},
       "requests that may wait for a core; the next ones are answered 503"},
      {"aiopyr-queue-timeout", TakesSeconds{&O::queue_timeout, 10},
       "time for which a request waits for a core before it is answered 503"},
      {"aiopyr-drain-timeout", TakesSeconds{&O::drain_timeout, 10},
       "time that requests and websockets have to end when a worker is to"},
      {"aiopyr-reload-check", TakesSeconds{&O::reload_check, 30},
       "time that the apps of a reload have to load in a process of their own first; 0 to reload "
       "untried"},
      {"aiopyr-websocket-ping-interval", TakesMapperSeconds{&WebsocketMapper::ping_interval},
       "silence after which a websocket is pinged; 0 for never"},
      {"aiopyr-websocket-ping-timeout", TakesMapperSeconds{&WebsocketMapper::ping_timeout},
       "time that it then has to send anything at all; 0 for any time"},
      {"aiopyr-websocket-max-size",
       TakesMapperCount{&WebsocketMapper::max_size, &O::websocket_max_size},
       "largest websocket message in bytes"},
      {"aiopyr-trusted-proxies",
       TakesText{"addresses, networks or unix:",
                 [](O& o, std::string_view list) { return o.trusted_proxies.add(list).empty(); },
                 [](std::string_view list) { return TrustedProxies().add(list); }},
       "who is believed about a request's client, as X-Forwarded-For and its like tell it"},
      {"aiopyr-client-gone",
       TakesWord{{"reset", "eof", "ignore"},
                 0,
                 [](O& o, std::size_t word) { o.client_gone = static_cast<ClientGone>(word); }},
       "what ends a request early"},
      {"aiopyr-access-log",
       TakesWord{
           {"json", "uwsgi"}, 1, [](O& o, std::size_t word) { o.json_access_log = word == 0; }},
       "how requests are logged: a line of json each, or as uWSGI does"},
      {"aiopyr-routes", TakesNothing{[](O& o, bool asked) { o.print_routes = asked; }},
       "print the apps' routes and exit"},
      {"aiopyr-views",
       TakesPath{[](O& o, std::optional<std::string> path) { o.print_views = std::move(path); }},
       "print the apps' views, or with =/path those for a URL, and exit"},
      {"aiopyr-tweens", TakesNothing{[](O& o, bool asked) { o.print_tweens = asked; }},
       "print the apps' tweens and exit"},
      {"aiopyr-check", TakesNothing{[](O& o, bool asked) { o.check = asked; }},
       "load the apps and exit: with 0 where a start with this configuration would succeed"},
      {"aiopyr-request",
       TakesText{"METHOD /path",
                 [](O& o, std::string_view text) { return o.request = text, true; }},
       "print the response to one request and exit"},
      {"aiopyr-request-header", TakesText{"Name: value", add_request_header},
       "a header of that request"},
  };
}

/// Returns a number as a person writes it: 20, 0.1.
template <typename T>
std::string to_text(T number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

std::string default_text(const ListedOption& option) {
  return std::visit(
      Overloaded{
          [](const TakesCount& count) {
            return count.fallback < count.least ? "" : to_text(count.fallback);
          },
          [](const TakesSeconds& seconds) { return to_text(seconds.fallback); },
          [](const TakesMapperSeconds& seconds) { return to_text(*seconds.target); },
          [](const TakesMapperCount& count) { return to_text(*count.target); },
          [](const TakesWord& word) { return std::string(word.words[word.fallback]); },
          [](const auto&) { return std::string(); },
      },
      option.takes);
}

std::string join_words(const std::vector<std::string_view>& words) {
  std::string joined(words.front());
  for (std::size_t i = 1; i < words.size(); ++i) {
    joined.append(i + 1 == words.size() ? " or " : ", ").append(words[i]);
  }
  return joined;
}

/// Returns whether a switch is on: an ini file may say `true`, the command line says nothing.
bool is_asked_for(std::string_view value) {
  return value != "false" && value != "0" && value != "no" && value != "off";
}

bool take_count(std::string_view value, std::size_t least, std::size_t most, std::size_t& target) {
  const auto number = parse_number<std::size_t>(value);
  if (!number || *number < least || *number > most) return false;
  target = *number;
  return true;
}

bool take_seconds(std::string_view value, double& target) {
  const auto seconds = parse_number<double>(value);
  if (!seconds || !(*seconds >= 0)) return false;
  target = *seconds;
  return true;
}

}  // namespace

const std::vector<ListedOption>& option_list() {
  // Never destroyed, as options() is not. The mappers' defaults are read before options change
  // them.
  static const auto* const kept = [] {
    auto* list = new std::vector(make_list());
    for (ListedOption& option : *list) option.default_text = default_text(option);
    return list;
  }();
  return *kept;
}

std::string expectation(const ListedOption& option) {
  return std::visit(
      Overloaded{
          [](const TakesCount& count) {
            if (count.least == 0 && count.most == SIZE_MAX) return std::string("a whole number");
            if (count.most == SIZE_MAX) return "a whole number of at least " + to_text(count.least);
            return "a whole number from " + to_text(count.least) + " to " + to_text(count.most);
          },
          [](const TakesMapperCount&) { return std::string("a whole number of at least 1"); },
          [](const TakesSeconds&) { return std::string("seconds, 0 or more"); },
          [](const TakesMapperSeconds&) { return std::string("seconds, 0 or more"); },
          [](const TakesWord& word) { return join_words(word.words); },
          [](const TakesText& text) { return std::string(text.expected); },
          [](const TakesNothing&) { return std::string(); },
          [](const TakesPath&) { return std::string("nothing, or /path"); },
      },
      option.takes);
}

std::string complaint_about_value(const ListedOption& option, std::string_view value) {
  std::string complaint = "option " + std::string(option.name) + " = " + std::string(value) +
                          ": expected " + expectation(option);
  const auto* const text = std::get_if<TakesText>(&option.takes);
  if (text != nullptr && text->explain != nullptr) complaint += ": " + text->explain(value);
  return complaint;
}

std::string complaint_about_name(std::string_view name) {
  if (!name.starts_with("aiopyr-")) return {};
  std::vector<std::string_view> known;
  for (const ListedOption& option : option_list()) known.push_back(option.name);
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  return "there is no option " + std::string(name) + suggestion(name, known);
}

void set_defaults(Options& options) {
  for (const ListedOption& option : option_list()) {
    std::visit(Overloaded{
                   [&](const TakesCount& count) { options.*count.member = count.fallback; },
                   [&](const TakesSeconds& seconds) { options.*seconds.member = seconds.fallback; },
                   [&](const TakesWord& word) { word.take(options, word.fallback); },
                   [](const auto&) {},
               },
               option.takes);
  }
}

bool take_value(Options& options, const ListedOption& option, std::string_view value) {
  return std::visit(
      Overloaded{
          [&](const TakesCount& count) {
            return take_count(value, count.least, count.most, options.*count.member);
          },
          [&](const TakesSeconds& seconds) { return take_seconds(value, options.*seconds.member); },
          [&](const TakesMapperSeconds& seconds) { return take_seconds(value, *seconds.target); },
          [&](const TakesMapperCount& count) {
            // For both mappers. What an app sets on its mappers afterwards counts more.
            if (!take_count(value, 1, SIZE_MAX, *count.target)) return false;
            options.*count.member = *count.target;
            return true;
          },
          [&](const TakesWord& word) {
            for (std::size_t i = 0; i < word.words.size(); ++i) {
              if (word.words[i] == value) return word.take(options, i), true;
            }
            return false;
          },
          [&](const TakesText& text) { return text.take(options, value); },
          [&](const TakesNothing& nothing) {
            return nothing.take(options, is_asked_for(value)), true;
          },
          [&](const TakesPath& path) {
            std::optional<std::string> wanted;
            if (is_asked_for(value)) wanted = value.starts_with('/') ? std::string(value) : "";
            return path.take(options, std::move(wanted)), true;
          },
      },
      option.takes);
}

}  // namespace aiopyr::plugin

#include <string>
#include <string_view>

#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/websocket/mapper.h>

namespace aiopyr::plugin {

namespace {

std::size_t require_number(std::string_view option, std::string_view value, std::size_t least) {
  const auto number = parse_number<std::size_t>(value);
  if (!number || *number < least) {
    fail_start("option " + std::string(option) + " = " + std::string(value) +
               ": expected a whole number of at least " + std::to_string(least));
  }
  return *number;
}

/// A command needs no socket, and those of the ini file may be an instance's that runs.
void serve_nothing() { uwsgi.no_server = 1; }

/// The value of a switch: an ini file may say `true`, the command line says nothing.
bool is_asked_for(const char* value) {
  const std::string_view text = value != nullptr ? value : "";
  return text != "false" && text != "0" && text != "no" && text != "off";
}

extern "C" {

static void set_loop_engine(char* option, char* value, void*) {
  const std::size_t cores = require_number(option, value, 2);
  if (cores > 1'000'000) fail_start("option aiopyr: more than a million cores");
  uwsgi.async = static_cast<int>(cores);
  if (uwsgi.socket_timeout < 30) uwsgi.socket_timeout = 30;
  uwsgi.loop = const_cast<char*>("aiopyr");
}

static void set_app(char*, char* value, void*) { options().app = value; }

static void add_setting(char* option, char* value, void*) {
  const std::string_view text = value;
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    fail_start("option " + std::string(option) + " = " + std::string(text) +
               ": expected key=value");
  }
  const auto trimmed = [](std::string_view part) {
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return std::string(part);
  };
  options().settings[trimmed(text.substr(0, equals))] = trimmed(text.substr(equals + 1));
}

static void set_positive(char* option, char* value, void* target) {
  *static_cast<std::size_t*>(target) = require_number(option, value, 1);
}

static void set_count(char* option, char* value, void* target) {
  *static_cast<std::size_t*>(target) = require_number(option, value, 0);
}

static void set_stack_size(char* option, char* value, void* target) {
  constexpr std::size_t kSmallest = std::size_t{64} * 1024;
  *static_cast<std::size_t*>(target) = require_number(option, value, kSmallest);
}

/// For both mappers. What an app sets on its mappers afterwards counts more.
static void set_websocket_max_size(char* option, char* value, void*) {
  const std::size_t bytes = require_number(option, value, 1);
  options().websocket_max_size = WebsocketMapper::max_size = bytes;
}

static void set_seconds(char* option, char* value, void* target) {
  const auto seconds = parse_number<double>(value);
  if (!seconds || !(*seconds >= 0)) {
    fail_start("option " + std::string(option) + " = " + std::string(value) +
               ": expected seconds, 0 or more");
  }
  *static_cast<double*>(target) = *seconds;
}

static void set_client_gone(char* option, char* value, void*) {
  using Policy = ClientWatches::Policy;
  const std::string_view name = value;
  if (name == "reset") {
    options().client_gone = Policy::kReset;
  } else if (name == "eof") {
    options().client_gone = Policy::kEof;
  } else if (name == "ignore") {
    options().client_gone = Policy::kIgnore;
  } else {
    fail_start("option " + std::string(option) + " = " + std::string(name) +
               ": expected reset, eof or ignore");
  }
}

static void set_access_log(char* option, char* value, void*) {
  const std::string_view name = value;
  if (name != "json" && name != "uwsgi") {
    fail_start("option " + std::string(option) + " = " + std::string(name) +
               ": expected json or uwsgi");
  }
  options().json_access_log = name == "json";
}

static void ask_for_routes(char*, char* value, void*) {
  options().print_routes = is_asked_for(value);
  if (options().print_routes) serve_nothing();
}

static void ask_for_views(char*, char* value, void*) {
  const std::string_view text = value != nullptr ? value : "";
  if (!is_asked_for(value)) {
    options().print_views.reset();
  } else {
    options().print_views = text.starts_with('/') ? std::string(text) : std::string();
    serve_nothing();
  }
}

static void ask_for_tweens(char*, char* value, void*) {
  options().print_tweens = is_asked_for(value);
  if (options().print_tweens) serve_nothing();
}

static void set_request(char*, char* value, void*) {
  options().request = value;
  serve_nothing();
}

static void add_request_header(char* option, char* value, void*) {
  const std::string_view text = value;
  if (text.find(':') == std::string_view::npos || text.starts_with(':')) {
    fail_start("option " + std::string(option) + " = " + std::string(text) +
               ": expected Name: value");
  }
  options().request_headers.emplace_back(text);
}

}  // extern "C"

uwsgi_option row(const char* name, const char* help, void (*set)(char*, char*, void*),
                 void* target = nullptr, std::uint64_t flags = 0, int type = required_argument) {
  uwsgi_option option{};
  option.name = const_cast<char*>(name);
  option.type = type;
  option.help = const_cast<char*>(help);
  option.func = set;
  option.data = target;
  option.flags = flags;
  return option;
}

}  // namespace

Options& options() {
  // Never destroyed: uWSGI calls exit() from its signal handlers, at any moment.
  static auto* const kept = new Options;
  return *kept;
}

uwsgi_option* option_table() {
  Options& o = options();
  static uwsgi_option table[] = {
      row("aiopyr", "a shortcut: the aiopyr loop engine with this many cores, and what it needs",
          set_loop_engine, nullptr, UWSGI_OPT_THREADS),
      row("aiopyr-app", "load a hosted app from a shared object", set_app),
      row("aiopyr-set", "a setting for the hosted apps: key=value", add_setting),
      row("aiopyr-executor-threads", "threads for plain views and run_in_executor (default 32)",
          set_positive, &o.executor_threads),
      row("aiopyr-executor-queue", "jobs that may wait for those threads (default 1000)",
          set_positive, &o.executor_queue),
      row("aiopyr-stack-size", "bytes of stack for each request's fiber (default 262144)",
          set_stack_size, &o.stack_size),
      row("aiopyr-max-body", "largest request body in bytes (default 16777216)", set_positive,
          &o.max_body),
      row("aiopyr-websocket-max-size", "largest websocket message in bytes (default 1048576)",
          set_websocket_max_size),
      row("aiopyr-websocket-ping-interval",
          "seconds of silence after which a websocket is pinged, 0 for never (default 20)",
          set_seconds, &WebsocketMapper::ping_interval),
      row("aiopyr-websocket-ping-timeout",
          "seconds that it then has to send anything at all, 0 for any time (default 20)",
          set_seconds, &WebsocketMapper::ping_timeout),
      row("aiopyr-request-timeout",
          "seconds that a request has for its answer, 0 for any time (default 0)", set_seconds,
          &o.request_timeout),
      row("aiopyr-block-warning",
          "seconds after which code that blocks the loop is logged, 0 for never (default 0.1)",
          set_seconds, &o.block_warning),
      row("aiopyr-read-timeout",
          "seconds that a client has to send a request, and one more for each 500 bytes of its "
          "body "
          "(default 20)",
          set_seconds, &o.read_timeout),
      row("aiopyr-write-timeout",
          "seconds in which a client has to take 500 bytes each of a response (default 20)",
          set_seconds, &o.write_timeout),
      row("aiopyr-keep-alive",
          "seconds that a connection is kept between two requests, 0 to close it (default 75)",
          set_seconds, &o.keep_alive),
      row("aiopyr-keep-alive-requests",
          "requests that are answered on a connection, 0 for any number (default 0)", set_count,
          &o.keep_alive_requests),
      row("aiopyr-write-buffer",
          "bytes of responses that wait for slow clients without a core (default 67108864)",
          set_positive, &o.write_buffer),
      row("aiopyr-queue",
          "requests that may wait for a core; the next ones are answered 503 (default 1000)",
          set_positive, &o.queue),
      row("aiopyr-queue-timeout",
          "seconds that a request waits for a core before it is answered 503 (default 10)",
          set_seconds, &o.queue_timeout),
      row("aiopyr-drain-timeout",
          "seconds that requests and websockets have to end when a worker is to (default 10)",
          set_seconds, &o.drain_timeout),
      row("aiopyr-client-gone", "what ends a request early: reset (default), eof or ignore",
          set_client_gone),
      row("aiopyr-access-log", "how requests are logged: uwsgi (default), or a line of json each",
          set_access_log),
      row("aiopyr-routes", "print the apps' routes and exit", ask_for_routes, nullptr, 0,
          no_argument),
      row("aiopyr-views", "print the apps' views, or with =/path those for a URL, and exit",
          ask_for_views, nullptr, 0, optional_argument),
      row("aiopyr-tweens", "print the apps' tweens and exit", ask_for_tweens, nullptr, 0,
          no_argument),
      row("aiopyr-request", "print the response to one request, 'METHOD /path', and exit",
          set_request),
      row("aiopyr-request-header", "a header of that request: 'Name: value'", add_request_header),
      uwsgi_option{},
  };
  return table;
}

}  // namespace aiopyr::plugin

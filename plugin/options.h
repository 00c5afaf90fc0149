#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <aiopyr/plugin/client_watch.h>
#include <aiopyr/runtime/web/settings.h>

struct uwsgi_option;

namespace aiopyr::plugin {

/// What the ini file or the command line says to this plugin; docs/options.md describes each.
struct Options {
  std::string app;                                   ///< aiopyr-app: a hosted app's shared object
  Settings settings;                                 ///< aiopyr-set: the apps' settings
  std::size_t executor_threads = 32;                 ///< aiopyr-executor-threads
  std::size_t executor_queue = 1000;                 ///< aiopyr-executor-queue: jobs
  std::size_t stack_size = std::size_t{256} * 1024;  ///< aiopyr-stack-size: bytes a fiber
  std::size_t max_body = std::size_t{16} * 1024 * 1024;  ///< aiopyr-max-body: bytes a request
  /// aiopyr-websocket-max-size: bytes a message. Not given: each mapper's own default.
  std::optional<std::size_t> websocket_max_size;
  /// aiopyr-request-timeout: seconds that an app has for an answer; 0 for any time.
  double request_timeout = 0;
  /// aiopyr-block-warning: seconds for which the loop may be blocked unsaid; 0 for any time.
  double block_warning = 0.1;
  /// aiopyr-read-timeout, aiopyr-write-timeout: seconds for a client's side of it, at the least; 0
  /// for any time.
  double read_timeout = 20;
  double write_timeout = 20;
  /// aiopyr-keep-alive: seconds that a connection may be idle between two requests; 0 to close it.
  double keep_alive = 75;
  /// aiopyr-keep-alive-requests: how many are answered on a connection; 0 for any number.
  std::size_t keep_alive_requests = 0;
  /// aiopyr-write-buffer: bytes of responses that clients are slow to read.
  std::size_t write_buffer = std::size_t{64} * 1024 * 1024;
  /// aiopyr-queue: how many requests may wait for a core.
  std::size_t queue = 1000;
  /// aiopyr-queue-timeout: seconds that each of them does.
  double queue_timeout = 10;
  /// aiopyr-drain-timeout: seconds that requests and websockets have to end.
  double drain_timeout = 10;
  /// aiopyr-client-gone: when a client counts as gone, which cancels its request.
  ClientWatches::Policy client_gone = ClientWatches::Policy::kReset;
  /// aiopyr-access-log = json: requests are logged as JSON, instead of in uWSGI's own form.
  bool json_access_log = false;

  // Things to do instead of serving (commands.h).
  bool print_routes = false;                 ///< aiopyr-routes
  std::optional<std::string> print_views{};  ///< aiopyr-views: of this path; empty for all
  bool print_tweens = false;                 ///< aiopyr-tweens
  std::optional<std::string> request{};      ///< aiopyr-request: `METHOD /path`, or the path alone
  std::vector<std::string> request_headers{};  ///< aiopyr-request-header: `Name: value`

  /// Whether one of these is asked for.
  [[nodiscard]] bool has_command() const noexcept {
    return print_routes || print_views || print_tweens || request;
  }
};

/// The options of this instance. Written while uWSGI parses them, read-only afterwards.
Options& options();

/// uWSGI's table of our options, ended by an empty row.
uwsgi_option* option_table();

}  // namespace aiopyr::plugin

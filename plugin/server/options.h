#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/http1/trusted_proxies.h>
#include <aiopyr/runtime/web/settings/settings.h>

namespace aiopyr::plugin {

/// When a client counts as gone while its request runs (aiopyr-client-gone).
enum class ClientGone {
  kReset,   ///< the connection is broken, or closed in both directions
  kEof,     ///< besides, the client will send nothing more
  kIgnore,  ///< never
};

/// The plugin's options, from the ini file or the command line; docs/options.md describes each.
/// Their names, defaults and bounds are those of option_list.cc.
struct Options {
  /// Gives every option its default.
  Options();

  std::size_t cores = 0;         ///< aiopyr: cores of a worker; 0 where it is not given
  std::string app;               ///< aiopyr-app: a hosted app's shared object
  Settings settings;             ///< aiopyr-set: the apps' settings
  std::size_t executor_threads;  ///< aiopyr-executor-threads
  std::size_t executor_queue;    ///< aiopyr-executor-queue: jobs
  std::size_t stack_size;        ///< aiopyr-stack-size: bytes a fiber
  std::size_t max_body;          ///< aiopyr-max-body: bytes a request
  /// aiopyr-websocket-max-size: bytes a message. Not given: each mapper's own default.
  std::optional<std::size_t> websocket_max_size;
  /// aiopyr-request-timeout: seconds that an app has for an answer; 0 for any time.
  double request_timeout;
  /// aiopyr-block-warning: seconds that the loop may block before it is logged; 0 for any time.
  double block_warning;
  /// aiopyr-read-timeout, aiopyr-write-timeout: seconds that a client has at the least for its side
  /// of a request and of a response; 0 for any time.
  double read_timeout;
  double write_timeout;
  /// aiopyr-write-rate: bytes a second that it has to take of a response on the whole; 0 for any.
  std::size_t write_rate;
  /// aiopyr-keep-alive: seconds that a connection may be idle between two requests; 0 to close it.
  double keep_alive;
  /// aiopyr-keep-alive-requests: how many are answered on a connection; 0 for any number.
  std::size_t keep_alive_requests;
  /// aiopyr-write-buffer: bytes of responses that clients are slow to read.
  std::size_t write_buffer;
  /// aiopyr-temp-bytes, aiopyr-temp-folder: of what exceeds that, bytes in temporary files, and
  /// their folder; empty for TMPDIR or /var/tmp.
  std::size_t temp_bytes;
  std::string temp_folder;
  /// aiopyr-slow-cores: cores that slow senders of bodies and slow readers of responses may hold
  /// together; 0 where it is not given.
  std::size_t slow_cores;
  /// aiopyr-lingering-time, aiopyr-lingering-bytes: how long, and how much, a connection that ends
  /// is still read, so that its client gets the answer; 0 seconds to close it at once.
  double lingering_time;
  std::size_t lingering_bytes;
  /// aiopyr-queue: how many requests may wait for a core.
  std::size_t queue;
  /// aiopyr-queue-timeout: seconds that each of them may wait.
  double queue_timeout;
  /// aiopyr-drain-timeout: seconds that requests and websockets have to end.
  double drain_timeout;
  /// aiopyr-reload-check: seconds that a reload's apps have to load in a process of their own
  /// first; 0 to reload untried.
  double reload_check;
  /// aiopyr-trusted-proxies: whose X-Forwarded-For and its like are believed.
  TrustedProxies trusted_proxies{};
  /// aiopyr-client-gone: when a client counts as gone, which cancels its request.
  ClientGone client_gone;
  /// aiopyr-access-log = json: requests are logged as JSON, instead of in uWSGI's own form.
  bool json_access_log;

  // Things to do instead of serving (commands.h).
  bool print_routes = false;                 ///< aiopyr-routes
  std::optional<std::string> print_views{};  ///< aiopyr-views: of this path; empty for all
  bool print_tweens = false;                 ///< aiopyr-tweens
  bool check = false;                        ///< aiopyr-check
  std::optional<std::string> request{};      ///< aiopyr-request: `METHOD /path`, or the path alone
  std::vector<std::string> request_headers{};  ///< aiopyr-request-header: `Name: value`

  /// Returns whether one of these is asked for.
  [[nodiscard]] bool has_command() const noexcept {
    return print_routes || print_views || print_tweens || check || request;
  }
};

/// Returns the options of this instance. Written while uWSGI parses them, read-only afterwards.
Options& options();

}  // namespace aiopyr::plugin

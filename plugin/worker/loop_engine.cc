#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/failures/block_warning.h>
#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/failures/repeated_failures.h>
#include <aiopyr/plugin/hosting/date_header.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/io/client_watch.h>
#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/request/body_turns.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/core_queue.h>
#include <aiopyr/plugin/request/current_work.h>
#include <aiopyr/plugin/request/http_reader.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/request/wait_hooks.h>
#include <aiopyr/plugin/request/write_order.h>
#include <aiopyr/plugin/server/listener.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/reload.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/plugin/worker/acceptor.h>
#include <aiopyr/plugin/worker/app_hooks.h>
#include <aiopyr/plugin/worker/connection_limits.h>
#include <aiopyr/plugin/worker/drain.h>
#include <aiopyr/plugin/worker/kept_from_children.h>
#include <aiopyr/plugin/worker/loop_engine.h>
#include <aiopyr/plugin/worker/start_checks.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/loop/block_watch.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/websocket/session/loop_websockets.h>

namespace aiopyr::plugin {

namespace {

extern "C" {

void aiopyr_schedule_to_main(wsgi_request* request) { request_fiber_of(*request).park(); }
void aiopyr_schedule_to_req() { current_request_fiber().wake(); }
void aiopyr_schedule_fix(wsgi_request* request) { request_fiber_of(*request).wake(); }

}  // extern "C"

/// Receives uWSGI's signals (timers, cron, file monitors, uwsgi.signal()) for this worker. Their
/// handlers run on a fiber: they may wait.
class SignalWatch final : public FdWatch {
 public:
  SignalWatch(Loop& loop, int fd) : loop_(loop) {
    keep_from_children(fd);
    start(loop, fd, FdEvents::kRead);
  }

 private:
  void on_ready(FdEvents) override {
    const int signal_fd = fd();
    Fiber::start(loop_, [signal_fd] {
      receive_worker_signal(uwsgi_receive_signal, signal_fd, uwsgi.mywid);
    });
  }

  Loop& loop_;
};

/// Tells the Emperor that this vassal's loop is alive.
class Heartbeat final : public Timer {
 public:
  explicit Heartbeat(Loop& loop) : loop_(loop) { on_timer(); }

 private:
  void on_timer() override {
    uwsgi_heartbeat();
    start_after(loop_, std::chrono::seconds(1));
  }

  Loop& loop_;
};

/// Tells in the log, some time later, how many failures were counted instead of written.
class FailureCounts final : public Timer {
 public:
  explicit FailureCounts(Loop& loop) : loop_(loop) {
    set_counted_failure_listener([this] { begin(); });
  }

 private:
  void begin() {
    if (!is_active()) start_after(loop_, RepeatedFailures::kPeriod);
  }
  void on_timer() override {
    if (log_counted_failures(Counted::kWhoseTimeIsOver)) begin();
  }

  Loop& loop_;
};

/// Makes this worker's slot of the counters its own.
WorkerCounters& adopted_counters() {
  adopt_counters();
  return *own_counters();
}

/// A worker's loop with all that it listens to.
class Worker final : private Cores {
 public:
  Worker();
  /// Serves until the worker is to end and has; returns the process's exit code.
  int run();
  [[nodiscard]] Drain& drain() noexcept { return drain_; }

 private:
  [[nodiscard]] bool has_free() const noexcept override { return !CoreQueue::empty(); }
  [[nodiscard]] bool is_paused() const noexcept override {
    return uwsgi.workers[uwsgi.mywid].suspended != 0;
  }
  void serve(std::unique_ptr<ClientConnection> connection, bool reads_body) override;

  void listen(uwsgi_socket& socket);
  void on_free_core();
  void resume_accepting();
  void pause_accepting();
  void stop_accepting();
  void obey_pause();

  WorkerCounters& counters_ = adopted_counters();
  EvLoop loop_;
  ClientWatches clients_{loop_, options().client_gone};
  const ConnectionLimits limits_ = connection_limits();
  ClientConnections connections_{loop_, limits_, {counters_.queued, counters_.refused}, *this};
  FiberHost fiber_host_{loop_, connections_, clients_, [this] { on_free_core(); }};
  Drain drain_{connections_, [this] { stop_accepting(); }};
  DrainSignals drain_signals_{loop_, drain_};
  FailureCounts failure_counts_{loop_};
  bool paused_ = false;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<SignalWatch>> signals_;
  std::unique_ptr<Heartbeat> heartbeat_;
  std::optional<BlockWatch> block_watch_;
};

Worker::Worker() {
  make_request_fibers(fiber_host_);
  set_read_buffer_size(uwsgi.buffer_size);
  report_temporary_folder(limits_);
  loop_.set_counters(counters_.loop);
  websocket::Connections::of_this_thread().set_counters(counters_.websockets);
  loop_.fibers().set_stack_size(options().stack_size);
  loop_.set_default_executor(std::make_shared<Executor>(Executor::Options{
      options().executor_threads, options().executor_queue, &counters_.executor}));
  loop_.set_exception_handler(
      [](const std::exception_ptr& error, std::string_view where) { log_uncaught(where, error); });
  for (auto* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) listen(*socket);
  for (const int fd : {uwsgi.signal_socket, uwsgi.my_signal_socket}) {
    if (fd > -1) signals_.push_back(std::make_unique<SignalWatch>(loop_, fd));
  }
  if (const auto limit = block_limit()) {
    block_watch_.emplace(loop_, *limit, block_handlers({note_current_work, describe_current_work}));
  }
  if (uwsgi.has_emperor && uwsgi.heartbeat) heartbeat_ = std::make_unique<Heartbeat>(loop_);
}

void Worker::listen(uwsgi_socket& socket) {
  // Skips a lazy socket, and one that each core opens for itself.
  if (socket.fd < 0) return;
  keep_from_children(socket);
  read_heads_strictly(socket);
  read_bodies_in_turns(socket);
  write_in_order(socket);
  date_heads(socket);
  acceptors_.push_back(std::make_unique<Acceptor>(
      connections_, socket, [](wsgi_request& core, std::unique_ptr<ClientConnection> connection) {
        request_fiber_of(core).serve(std::move(connection), false);
      }));
}

int Worker::run() {
  if (!start_apps(loop_, [this] { return drain_.is_over(); })) return UWSGI_FAILED_APP_CODE;
  // The worker may have been started in the middle of a pause.
  obey_pause();
  resume_accepting();
  while (!drain_.is_over()) {
    loop_.run_once(true);
    obey_pause();
    // Cleared for max-worker-lifetime and by cheaper.
    if (!uwsgi.workers[uwsgi.mywid].manage_next_request) {
      drain_.begin(Drain::Why::kReload, UWSGI_END_CODE);
    }
  }
  stop_apps(drain_.time_for_apps());
  return drain_.exit_code();
}

void Worker::serve(std::unique_ptr<ClientConnection> connection, bool reads_body) {
  wsgi_request& core = *CoreQueue::take(*connection->origin().listener->socket);
  lend(*connection, core);
  request_fiber_of(core).serve(std::move(connection), reads_body);
}

void Worker::on_free_core() {
  connections_.use_free_cores();
  resume_accepting();
}

void Worker::resume_accepting() {
  if (paused_ || drain_.has_begun() || CoreQueue::empty()) return;
  for (auto& acceptor : acceptors_) acceptor->resume();
}

void Worker::pause_accepting() {
  for (auto& acceptor : acceptors_) acceptor->pause();
}

void Worker::stop_accepting() {
  pause_accepting();
  connections_.stop_keeping();
  if (uwsgi.workers[uwsgi.mywid].shutdown_sockets) uwsgi_shutdown_all_sockets();
}

/// Obeys SIGTSTP, which pauses a worker and lets it go on. uWSGI itself would block in
/// wsgi_req_setup, which would freeze open requests and websockets: this only stops accepting.
void Worker::obey_pause() {
  if (paused_ == is_paused()) return;
  paused_ = is_paused();
  log_line(paused_ ? "paused: no new connections are accepted" : "resumed");
  if (paused_) {
    pause_accepting();
  } else {
    connections_.use_free_cores();
    resume_accepting();
  }
}

/// The worker of this process.
Worker* worker = nullptr;

[[noreturn]] void leave(int exit_code) noexcept {
  if (uwsgi.skip_atexit) _exit(exit_code);
  exit(exit_code);
}

/// Sets the limit of uWSGI's engine, which checks each frame once more, in KiB.
void raise_native_limit() noexcept {
  if (!options().websocket_max_size) return;
  uwsgi.websockets_max_size = std::min(*options().websocket_max_size / 1024 + 1, SIZE_MAX / 1024);
}

void install_hooks() {
  install_wait_hooks();
  uwsgi.schedule_to_main = aiopyr_schedule_to_main;
  uwsgi.schedule_to_req = aiopyr_schedule_to_req;
  uwsgi.schedule_fix = aiopyr_schedule_fix;
  // For max-requests, reload-on-rss and the like: called once a request has ended, on its fiber.
  // uWSGI 2.1 says why.
  uwsgi.gbcw_hook = [](auto...) { worker->drain().begin(Drain::Why::kReload, 0); };
  // A peer that is gone is an error of the write, not the end of the worker.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a temporary file that would be larger than this process may write (`ulimit -f`).
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace

void reload_worker(int exit_code) noexcept {
  worker->drain().begin(Drain::Why::kReload, exit_code);
}

void run_loop_engine() noexcept {
  try {
    // uWSGI calls its hook for this in the master, before a worker has loaded anything.
    if (uwsgi.lazy || uwsgi.lazy_apps) announce();
    install_hooks();
    raise_native_limit();
    // Never destroyed: that would cancel requests that have not ended in time, and they could
    // answer.
    worker = new Worker;
    const int exit_code = worker->run();
    log_counted_failures(Counted::kUpToNow);
    leave(exit_code);
  } catch (...) {
    fail_start("the loop engine has failed: " + describe(std::current_exception()));
  }
}

}  // namespace aiopyr::plugin

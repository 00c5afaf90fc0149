#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/plugin/acceptor.h>
#include <aiopyr/plugin/block_warning.h>
#include <aiopyr/plugin/client_watch.h>
#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/drain.h>
#include <aiopyr/plugin/failure.h>
#include <aiopyr/plugin/hosting.h>
#include <aiopyr/plugin/http_reader.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/loop_engine.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/shared_counters.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/wait_hooks.h>
#include <aiopyr/plugin/write_order.h>
#include <aiopyr/runtime/async/block_watch.h>
#include <aiopyr/runtime/async/ev_loop.h>
#include <aiopyr/runtime/async/executor.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/fiber_pool.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/websocket/connections.h>

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
  SignalWatch(Loop& loop, int fd) : loop_(loop) { start(loop, fd, FdEvents::kRead); }

 private:
  void on_ready(FdEvents) override {
    const int signal_fd = fd();
    Fiber::start(loop_, [signal_fd] {
      uwsgi_receive_signal(signal_fd, const_cast<char*>("worker"), uwsgi.mywid);
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

/// A worker's loop with all that it listens to.
class Worker {
 public:
  Worker();
  /// Serves until the worker is to end and has; returns the process's exit code.
  int run();
  [[nodiscard]] Drain& drain() noexcept { return drain_; }

 private:
  void serve(wsgi_request& request, Arrival arrival, std::unique_ptr<PendingConnection> connection);
  void resume_accepting();
  void pause_accepting();
  void stop_accepting();
  void obey_pause();

  [[nodiscard]] static bool is_paused() noexcept {
    return uwsgi.workers[uwsgi.mywid].suspended != 0;
  }

  EvLoop loop_;
  Drain drain_{loop_, [this] { stop_accepting(); }};
  DrainSignals drain_signals_{loop_, drain_};
  ClientWatches clients_{loop_, options().client_gone};
  PendingConnections pending_{loop_, [this](wsgi_request& request, Arrival arrival,
                                            std::unique_ptr<PendingConnection> connection) {
                                serve(request, std::move(arrival), std::move(connection));
                              }};
  ResponseTails tails_{loop_};
  bool paused_ = false;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<SignalWatch>> signals_;
  std::unique_ptr<Heartbeat> heartbeat_;
  std::optional<BlockWatch> block_watch_;
};

Worker::Worker() {
  adopt_counters();
  WorkerCounters& counters = *own_counters();
  loop_.set_counters(counters.loop);
  websocket::Connections::of_this_thread().set_counters(counters.websockets);
  loop_.fibers().set_stack_size(options().stack_size);
  loop_.set_default_executor(std::make_shared<Executor>(
      Executor::Options{options().executor_threads, options().executor_queue, &counters.executor}));
  loop_.set_exception_handler([](const std::exception_ptr& error, std::string_view where) {
    log_exception("unhandled exception in " + std::string(where), error);
  });
  for (uwsgi_socket* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) {
    read_heads_strictly(*socket);
    write_in_order(*socket);
    acceptors_.push_back(std::make_unique<Acceptor>(loop_, *socket, [this](wsgi_request& request) {
      serve(request, {.began = loop_.now()}, nullptr);
    }));
  }
  for (const int fd : {uwsgi.signal_socket, uwsgi.my_signal_socket}) {
    if (fd > -1) signals_.push_back(std::make_unique<SignalWatch>(loop_, fd));
  }
  if (const auto limit = block_limit()) block_watch_.emplace(loop_, *limit, block_handlers());
  if (uwsgi.has_emperor && uwsgi.heartbeat) heartbeat_ = std::make_unique<Heartbeat>(loop_);
}

int Worker::run() {
  // It may have been made in the middle of a pause.
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
  return drain_.exit_code();
}

void Worker::serve(wsgi_request& request, Arrival arrival,
                   std::unique_ptr<PendingConnection> connection) {
  request_fiber_of(request).serve(loop_, std::move(arrival), std::move(connection), [this] {
    pending_.use_free_cores();
    resume_accepting();
  });
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
  pending_.stop_keeping();
  if (uwsgi.workers[uwsgi.mywid].shutdown_sockets) uwsgi_shutdown_all_sockets();
}

/// SIGTSTP pauses a worker and lets it go on. uWSGI's own way is to block in wsgi_req_setup, which
/// would freeze the requests and websockets that are there: we only stop to accept.
void Worker::obey_pause() {
  if (paused_ == is_paused()) return;
  paused_ = is_paused();
  log_line(paused_ ? "paused: no new connections are accepted" : "resumed");
  if (paused_) {
    pause_accepting();
  } else {
    pending_.use_free_cores();
    resume_accepting();
  }
}

/// The one of this process.
Worker* worker = nullptr;

extern "C" {

/// For max-requests, reload-on-rss and the like: called once a request has ended, on its fiber.
void aiopyr_say_goodbye() { worker->drain().begin(Drain::Why::kReload, 0); }

}  // extern "C"

[[noreturn]] void leave(int exit_code) noexcept {
  if (uwsgi.skip_atexit) _exit(exit_code);
  exit(exit_code);
}

void check_configuration() {
  if (uwsgi.async < 2) {
    fail_start("the aiopyr loop engine needs cores: set aiopyr = N (or async = N), 2 or more");
  }
  if (uwsgi.threads > 1) {
    fail_start(
        "the aiopyr loop engine runs on one thread: remove threads; plain views get theirs "
        "from aiopyr-executor-threads");
  }
}

/// uWSGI's engine looks at each frame once more, in its own unit.
void raise_native_limit() noexcept {
  if (!options().websocket_max_size) return;
  uwsgi.websockets_max_size = std::min(*options().websocket_max_size / 1024 + 1, SIZE_MAX / 1024);
}

void install_hooks() {
  install_wait_hooks();
  uwsgi.schedule_to_main = aiopyr_schedule_to_main;
  uwsgi.schedule_to_req = aiopyr_schedule_to_req;
  uwsgi.schedule_fix = aiopyr_schedule_fix;
  uwsgi.gbcw_hook = aiopyr_say_goodbye;
  // A peer that is gone is an error of the write, not the end of the worker.
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

void reload_worker(int exit_code) noexcept {
  worker->drain().begin(Drain::Why::kReload, exit_code);
}

void run_loop_engine() noexcept {
  try {
    check_configuration();
    // uWSGI calls its hook for this in the master, before a worker has loaded anything.
    if (uwsgi.lazy || uwsgi.lazy_apps) announce();
    make_request_fibers();
    install_hooks();
    raise_native_limit();
    // Never destroyed: what has not ended in time would be cancelled then, and could answer.
    worker = new Worker;
    leave(worker->run());
  } catch (...) {
    fail_start("the loop engine has failed: " + describe(std::current_exception()));
  }
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <cstdio>
#include <poll.h>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop/busy_mark.h>
#include <aiopyr/runtime/async/loop/exiting.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

/// The loop of this thread. Fibers and tasks read it at each step: the initial-exec model saves the
/// call by which shared objects look up thread-local variables. One pointer fits into the space
/// that glibc reserves for objects that are loaded later.
[[gnu::tls_model("initial-exec")]] thread_local Loop* this_threads_loop = nullptr;

void call(const std::function<void()>& f) noexcept {
  try {
    f();
  } catch (...) {
    Loop::report_exception(std::current_exception(), "a loop callback");
  }
}

class Callback final : public Runnable {
 public:
  explicit Callback(std::function<void()> f) : f_(std::move(f)) {}

  void run() override {
    const std::unique_ptr<Callback> self(this);
    call(f_);
  }

 private:
  std::function<void()> f_;
};

void print_exception(const std::exception_ptr& error, std::string_view where) {
  std::fprintf(stderr, "aiopyr: unhandled exception in %.*s: %s\n", static_cast<int>(where.size()),
               where.data(), describe(error).c_str());
}

/// Marks a turn, and refuses a turn within another: whatever the outer one has taken out of the
/// ready queue would never run.
class TurnMark {
 public:
  TurnMark(bool& in_turn, const Fiber* fiber) : in_turn_(in_turn) {
    if (in_turn || fiber != nullptr) {
      throw InvalidStateError(
          "the event loop is running already: await or synchronize instead of running it");
    }
    in_turn = true;
  }
  ~TurnMark() { in_turn_ = false; }
  TurnMark(const TurnMark&) = delete;
  TurnMark& operator=(const TurnMark&) = delete;

 private:
  bool& in_turn_;
};

}  // namespace

/// Calls the functions that other threads have pushed. It allocates nothing: a result that somebody
/// waits for must arrive even when memory is short.
class Loop::RemoteWatch final : public FdWatch {
 public:
  explicit RemoteWatch(Loop& loop) : loop_(loop) {}

  /// Calls them in the next turn.
  void call_soon() noexcept {
    // Functions not called yet go first; the queue stays readable meanwhile.
    if (!calls_.empty()) return;
    calls_.fs = loop_.remote_->take();
    loop_.call_soon(calls_);
  }

  /// Destroys the functions that were not called.
  void drop() noexcept { calls_.fs.clear(); }

 private:
  struct Calls final : Runnable {
    void run() override {
      for (auto& f : std::exchange(fs, {})) call(std::exchange(f, nullptr));
    }
    [[nodiscard]] bool empty() const noexcept { return fs.empty(); }

    std::vector<std::function<void()>> fs;
  };

  void on_ready(FdEvents) override { call_soon(); }

  Loop& loop_;
  Calls calls_;
};

Loop::Loop() : busy_(std::make_unique<BusyMark>()), remote_(std::make_shared<RemoteQueue>()) {
  if (this_threads_loop != nullptr) {
    throw InvalidStateError("this thread has a loop already: use Loop::current()");
  }
  exception_handler_ = print_exception;
}

Loop::~Loop() = default;

std::optional<TimePoint> Loop::busy_since() const noexcept { return busy_->since(); }

void Loop::update_now() noexcept {
  now_ = read_clock();
  busy_->begin(now_);
}

void Loop::open() {
  now_ = read_clock();
  remote_watch_ = std::make_unique<RemoteWatch>(*this);
  remote_watch_->start(*this, remote_->wake_fd(), FdEvents::kRead);
  this_threads_loop = this;
  detail::watch_for_exit();
}

void Loop::cancel_everything() noexcept {
  // Repeats both: a task's end cancels the fiber that it waits for, and a fiber may spawn tasks as
  // it unwinds.
  do {
    while (!spawned_.empty()) spawned_.front().cancel_now();
    if (fibers_) fibers_->cancel_all();
  } while (!spawned_.empty());
}

/// Waits for fibers whose stack another thread still uses: they cannot end before that thread
/// reports.
void Loop::await_shielded_fibers() noexcept {
  while (fibers_ && fibers_->in_use() > 0 && expected_remote_ > 0) {
    pollfd wake{remote_->wake_fd(), POLLIN, 0};
    ::poll(&wake, 1, -1);
    remote_watch_->call_soon();
    run_ready();
  }
}

void Loop::close() noexcept {
  cancel_everything();
  await_shielded_fibers();
  default_executor_.reset();
  // Destroys what jobs have left behind here, on the loop's thread; that may push more.
  remote_->close();
  after_input_.clear();
  while (!ready_.empty()) {
    Runnable& left = ready_.pop_front();
    if (auto* callback = dynamic_cast<Callback*>(&left)) delete callback;
  }
  remote_watch_->drop();
  cancel_everything();
  fibers_.reset();
  timers_.clear();
  remote_watch_.reset();
  while (!watches_.empty()) watches_.front().stop();
  this_threads_loop = nullptr;
}

Loop* Loop::current() noexcept { return this_threads_loop; }

Loop& Loop::require(std::string_view caller) {
  if (this_threads_loop != nullptr) return *this_threads_loop;
  throw ScopeError(std::string(caller) +
                   " was called in a thread that has no event loop: call it in a view, a fiber or "
                   "a coroutine, or go there with call_soon_threadsafe");
}

void Loop::call_soon(std::function<void()> f) {
  auto callback = std::make_unique<Callback>(std::move(f));
  call_soon(*callback.release());
}

void Loop::run() {
  stopped_ = false;
  while (!stopped_) run_once(true);
}

void Loop::run_once(bool may_block) {
  const TurnMark mark(in_turn_, current_fiber_);
  std::optional<TimePoint> until;
  if (!ready_.empty() || !after_input_.empty() || !may_block) {
    until = now_;
  } else if (!timers_.empty()) {
    until = timers_.earliest();
  }
  poll(until);
  run_all(after_input_);
  timers_.fire(now_);
  run_ready();
  busy_->end();
  note_turn(read_clock() - now_);
}

void Loop::note_turn(Duration length) noexcept {
  counters_->turns.observe(length);
  counters_->longest_turn.raise_to(std::chrono::nanoseconds(length).count());
}

void Loop::set_counters(LoopCounters& counters) noexcept {
  counters_ = &counters;
  if (fibers_) fibers_->set_counters(counters);
}

void Loop::run_all(IntrusiveList<Runnable>& waiting) noexcept {
  // Runs only what waits now; whatever that adds waits for the next turn.
  IntrusiveList<Runnable> batch;
  batch.splice_back(waiting);
  while (!batch.empty()) {
    try {
      batch.pop_front().run();
    } catch (...) {
      handle_exception(std::current_exception(), "the loop's ready queue");
    }
  }
}

void Loop::handle_exception(std::exception_ptr error, std::string_view where) noexcept {
  try {
    exception_handler_(std::move(error), where);
  } catch (...) {
    std::fputs("aiopyr: the loop's exception handler has thrown\n", stderr);
  }
}

void Loop::report_exception(const std::exception_ptr& error, std::string_view where) noexcept {
  if (Loop* loop = current()) {
    loop->handle_exception(error, where);
  } else {
    print_exception(error, where);
  }
}

void FdWatch::start(Loop& loop, int fd, FdEvents events) {
  stop();
  fd_ = fd;
  events_ = events;
  loop.add_watch(*this);
  loop_ = &loop;
  loop.watches_.push_back(*this);
}

void FdWatch::stop() noexcept {
  if (!is_active()) return;
  loop_->remove_watch(*this);
  unlink();
  loop_ = nullptr;
}

void FdWatch::notify(FdEvents ready) noexcept {
  Loop& loop = *loop_;
  try {
    on_ready(ready);
  } catch (...) {
    loop.handle_exception(std::current_exception(), "a watch of a file descriptor");
  }
}

}  // namespace aiopyr

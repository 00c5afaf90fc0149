#include <algorithm>
#include <chrono>
#include <new>

#include <ev.h>

#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

static_assert(sizeof(ev_io) <= FdWatch::kBackendSize);

ev_io& io_of(FdWatch& watch) { return *static_cast<ev_io*>(watch.backend()); }

int to_ev(FdEvents events) {
  return (has(events, FdEvents::kRead) ? EV_READ : 0) |
         (has(events, FdEvents::kWrite) ? EV_WRITE : 0);
}

FdEvents from_ev(int events) {
  return ((events & EV_READ) != 0 ? FdEvents::kRead : FdEvents::kNone) |
         ((events & EV_WRITE) != 0 ? FdEvents::kWrite : FdEvents::kNone);
}

void on_io(struct ev_loop* ev, ev_io* io, int events) {
  // EV_ERROR: the kernel had no memory, or no place, to watch the descriptor. libev has then
  // dropped the watch and reports it as ready. Watch it again, so that a reader which finds nothing
  // there does not wait for ever.
  if ((events & EV_ERROR) != 0) {
    ev_io_set(io, io->fd, io->events & (EV_READ | EV_WRITE));
    ev_io_start(ev, io);
  }
  static_cast<FdWatch*>(io->data)->notify(from_ev(events));
}

/// Called when libev is about to wait although a watch has failed: it would report the failure only
/// with the next event.
void before_wait(struct ev_loop* ev) noexcept {
  if (ev_pending_count(ev) == 0) return;
  try {
    static_cast<EvLoop*>(ev_userdata(ev))->call_soon_threadsafe([] {});
  } catch (const std::bad_alloc&) {
    // libev reports it later.
  }
}

}  // namespace

/// The libev timer that ends a wait in time; Loop fires its own timers. It stays set from one wait
/// to the next, since most deadlines move to later: setting it for each wait would cost more than
/// the wait itself.
struct EvLoop::Alarm {
  ev_timer timer{};
  std::optional<TimePoint> when;  // nullopt while it is not set
};

EvLoop::EvLoop() : ev_(ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV)), alarm_(std::make_unique<Alarm>()) {
  if (ev_ == nullptr)
    throw Error("libev cannot make an event loop: is the limit of open files reached?");
  // Runs between libev's wait and its callbacks, which have to see the time after the wait. libev
  // calls this before the wait too, with nothing pending.
  ev_set_userdata(ev_, this);
  ev_set_invoke_pending_cb(
      ev_, [](struct ev_loop* ev) { static_cast<EvLoop*>(ev_userdata(ev))->on_pending(); });
  ev_init(&alarm_->timer, [](struct ev_loop*, ev_timer* timer, int) {
    static_cast<Alarm*>(timer->data)->when.reset();
  });
  alarm_->timer.data = alarm_.get();
  ev_set_loop_release_cb(ev_, before_wait, nullptr);
  open();
}

EvLoop::~EvLoop() {
  close();
  ev_loop_destroy(ev_);
}

void EvLoop::on_pending() {
  if (ev_pending_count(ev_) > 0) {
    is_woken_ = true;
    update_now();
  }
  ev_invoke_pending(ev_);
}

void EvLoop::poll(std::optional<TimePoint> until) {
  const bool waits = !until || *until > now();
  if (until && waits) wake_at(*until);
  is_woken_ = false;
  ev_run(ev_, waits ? EVRUN_ONCE : EVRUN_NOWAIT);
  if (!is_woken_) update_now();
}

/// Keeps an alarm that is set for earlier: it rings once without need, and the next wait sets it
/// anew.
void EvLoop::wake_at(TimePoint when) {
  if (alarm_->when && *alarm_->when <= when) return;
  ev_timer_stop(ev_, &alarm_->timer);
  const double seconds = std::chrono::duration<double>(when - read_clock()).count();
  ev_timer_set(&alarm_->timer, std::max(seconds, 0.), 0.);
  ev_now_update(ev_);
  ev_timer_start(ev_, &alarm_->timer);
  alarm_->when = when;
}

void EvLoop::add_watch(FdWatch& watch) {
  auto* io = new (watch.backend()) ev_io;
  ev_io_init(io, on_io, watch.fd(), to_ev(watch.events()));
  io->data = &watch;
  ev_io_start(ev_, io);
}

void EvLoop::remove_watch(FdWatch& watch) noexcept { ev_io_stop(ev_, &io_of(watch)); }

}  // namespace aiopyr

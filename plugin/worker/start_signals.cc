#include <csignal>
#include <unistd.h>

#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/start_signals.h>

namespace aiopyr::plugin {

namespace {

bool signals_are_held = false;
sigset_t mask_before{};

/// Returns the signals that uWSGI's master handles: a worker would inherit its handlers.
sigset_t signals_of_the_master() noexcept {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGWINCH}) {
    ::sigaddset(&signals, signal);
  }
  return signals;
}

/// Notes that this worker ends in order. Uses only shared memory of the master's, as it is for a
/// signal handler. A worker gets its handlers before it learns its number, so it is found by its
/// process id, which the master has noted before it sends anything.
void note_end_in_order() noexcept {
  const pid_t self = ::getpid();
  for (int id = 1; id <= uwsgi.numproc; ++id) {
    if (uwsgi.workers[id].pid == self) uwsgi.workers[id].manage_next_request = 0;
  }
}

extern "C" {

void aiopyr_on_early_end(int signal) {
  note_end_in_order();
  _exit(signal == SIGHUP ? UWSGI_RELOAD_CODE : UWSGI_END_CODE);
}

/// Does nothing: the loop finds out what has changed when it begins.
void aiopyr_on_early_change(int) {}

}  // extern "C"

/// Sets handlers until those of uWSGI, and then of the loop, take their place.
void handle_early_signals() noexcept {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) std::signal(signal, aiopyr_on_early_end);
  for (const int signal : {SIGTSTP, SIGWINCH}) std::signal(signal, aiopyr_on_early_change);
}

/// Returns the signal that uWSGI has sent to the other workers; 0 if none is to end.
int signal_of_the_end() noexcept {
  if (uwsgi.status.brutally_destroying) return SIGINT;
  if (uwsgi.status.gracefully_destroying) return SIGHUP;
  if (uwsgi.status.brutally_reloading) return SIGTERM;
  return uwsgi.status.gracefully_reloading ? SIGHUP : 0;
}

}  // namespace

void hold_signals() noexcept {
  if (signals_are_held || !runs_our_loop()) return;
  const sigset_t signals = signals_of_the_master();
  signals_are_held = ::sigprocmask(SIG_BLOCK, &signals, &mask_before) == 0;
}

void let_signals_in(bool is_worker) noexcept {
  if (!signals_are_held) return;
  if (is_worker) handle_early_signals();
  signals_are_held = false;
  ::sigprocmask(SIG_SETMASK, &mask_before, nullptr);
}

void tell_untold_workers() noexcept {
  // Needed if the fork has failed: then there is no other call.
  let_signals_in(false);
  const int signal = runs_our_loop() ? signal_of_the_end() : 0;
  if (signal == 0) return;
  for (int id = 1; id <= uwsgi.numproc; ++id) {
    const uwsgi_worker& told = uwsgi.workers[id];
    if (told.pid > 0 && told.cursed_at == 0) uwsgi_curse(id, signal);
  }
}

}  // namespace aiopyr::plugin

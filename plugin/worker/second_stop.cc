#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <unistd.h>

#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/second_stop.h>

namespace aiopyr::plugin {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGQUIT};

/// uWSGI's own handling of each of these signals.
std::array<struct sigaction, kSignals.size()> taken_over{};

bool is_heeded = false;

/// Sends SIGINT to all workers. Does only what a signal handler may: the master keeps the process
/// ids in shared memory.
void pass_on_to_workers() noexcept {
  for (int id = 1; id <= uwsgi.numproc; ++id) {
    if (uwsgi.workers[id].pid > 0) ::kill(uwsgi.workers[id].pid, SIGINT);
  }
}

extern "C" {

static void aiopyr_on_stop_of_master(int signal) {
  const int saved = errno;
  const bool is_second = uwsgi_instance_is_dying;
  const auto place = std::find(kSignals.begin(), kSignals.end(), signal) - kSignals.begin();
  const auto& uwsgis = taken_over[static_cast<std::size_t>(place)];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access)
  if (uwsgis.sa_handler != SIG_DFL && uwsgis.sa_handler != SIG_IGN) uwsgis.sa_handler(signal);
  if (is_second && uwsgi.workers[0].pid == ::getpid()) pass_on_to_workers();
  errno = saved;
}

}  // extern "C"

}  // namespace

void heed_second_stop() noexcept {
  if (is_heeded || !runs_our_loop()) return;
  is_heeded = true;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action {};
    if (::sigaction(kSignals[i], nullptr, &taken_over[i]) != 0) continue;
    action = taken_over[i];
    action.sa_handler = aiopyr_on_stop_of_master;
    action.sa_flags &= ~SA_SIGINFO;
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

}  // namespace aiopyr::plugin

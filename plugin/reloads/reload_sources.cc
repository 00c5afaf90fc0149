#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/reloads/emperor.h>
#include <aiopyr/plugin/reloads/reload_sources.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

using Action = void (*)(int);

struct Source {
  std::string_view name;
  Action action = nullptr;  ///< uWSGI's handler
};

enum Place : std::size_t {
  kSignal,
  kFifoGrace,
  kFifoReap,
  kFifoWorkers,
  kFifoChain,
  kTouch,
  kTouchWorkers,
  kTouchChain,
  kWatchedFile,
  kEmperor,
  kPlaces
};

std::array<Source, kPlaces> sources{{{"SIGHUP"},
                                     {"fifo r"},
                                     {"fifo R"},
                                     {"fifo w"},
                                     {"fifo c"},
                                     {"touch-reload"},
                                     {"touch-workers-reload"},
                                     {"touch-chain-reload"},
                                     {"fs-reload"},
                                     {"the Emperor"}}};

/// A list of files that was taken from uWSGI, which no longer looks at them.
struct Touched {
  Place place;
  uwsgi_string_list* files;
};
std::array<Touched, 3> touched{};

std::atomic<ReloadSources> asked{0};
static_assert(std::atomic<ReloadSources>::is_always_lock_free);

constexpr ReloadSources bit(std::size_t place) noexcept { return ReloadSources{1} << place; }

template <Place place>
void ask(int) noexcept {
  asked |= bit(place);
}

extern "C" {

/// Records a SIGHUP in the master. A process that was just forked from it may have this handler for
/// a moment, and calls uWSGI's.
static void aiopyr_on_reload_of_master(int signal) {
  if (uwsgi.workers[0].pid == ::getpid()) return ask<kSignal>(signal);
  sources[kSignal].action(signal);
}

static void aiopyr_on_watched_file(uwsgi_fsmon*) { ask<kWatchedFile>(0); }

/// Calls uWSGI's function, which logs that the chain of reloads starts, or is already under way.
static void aiopyr_chain_reload(int) { uwsgi_chain_reload(); }
static void aiopyr_reload_workers(int) { uwsgi_reload_workers(); }

}  // extern "C"

void take_over_signal() noexcept {
  struct sigaction action {};
  if (::sigaction(SIGHUP, nullptr, &action) != 0) return;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access)
  const Action uwsgis = action.sa_handler;
  if (uwsgis == SIG_DFL || uwsgis == SIG_IGN) return;
  sources[kSignal].action = uwsgis;
  action.sa_handler = aiopyr_on_reload_of_master;
  ::sigaction(SIGHUP, &action, nullptr);
}

template <Place place>
void take_over_letter(char letter) noexcept {
  Action& entry = uwsgi_fifo_table[static_cast<unsigned char>(letter)];
  if (entry == nullptr) return;
  sources[place].action = std::exchange(entry, ask<place>);
}

void take_over_files() noexcept {
  touched = {{{kTouch, std::exchange(uwsgi.touch_reload, nullptr)},
              {kTouchWorkers, std::exchange(uwsgi.touch_workers_reload, nullptr)},
              {kTouchChain, std::exchange(uwsgi.touch_chain_reload, nullptr)}}};
  sources[kTouch].action = grace_them_all;
  sources[kTouchWorkers].action = aiopyr_reload_workers;
  sources[kTouchChain].action = aiopyr_chain_reload;
}

/// Takes over the monitors of fs-reload: they are those that share their text with the option.
void take_over_watched_files() noexcept {
  sources[kWatchedFile].action = grace_them_all;
  for (auto* monitor = uwsgi.fsmon; monitor != nullptr; monitor = monitor->next) {
    for (auto* file = uwsgi.fs_reload; file != nullptr; file = file->next) {
      if (monitor->path == file->value) monitor->func = aiopyr_on_watched_file;
    }
  }
}

void take_over_emperor() noexcept {
  sources[kEmperor].action = reload_as_vassal;
  hear_emperor();
}

}  // namespace

void take_over_reloads() noexcept {
  take_over_signal();
  take_over_letter<kFifoGrace>('r');
  take_over_letter<kFifoReap>('R');
  take_over_letter<kFifoWorkers>('w');
  take_over_letter<kFifoChain>('c');
  take_over_files();
  take_over_watched_files();
  take_over_emperor();
}

void note_touched_files() noexcept {
  for (const auto& [place, files] : touched) {
    const char* const file = uwsgi_check_touches(files);
    if (file == nullptr) continue;
    uwsgi_log_verbose("*** %s has been touched... ***\n", file);
    asked |= bit(place);
  }
}

void look_at_touched_files() noexcept {
  static auto looked_at = uwsgi.current_time;
  if (std::exchange(looked_at, uwsgi.current_time) != uwsgi.current_time) note_touched_files();
}

void look_at_emperor() noexcept {
  if (is_reload_ordered_by_emperor()) asked |= bit(kEmperor);
}

void tell_refusal(ReloadSources chosen) noexcept {
  if ((chosen & bit(kEmperor)) != 0) tell_emperor_of_refusal();
}

ReloadSources take_asked() noexcept { return asked.exchange(0); }

void carry_out(ReloadSources chosen) noexcept {
  for (std::size_t place = 0; place < kPlaces; ++place) {
    if ((chosen & bit(place)) != 0) sources[place].action(0);
  }
}

std::string names_of(ReloadSources chosen) {
  std::string names;
  for (std::size_t place = 0; place < kPlaces; ++place) {
    if ((chosen & bit(place)) == 0) continue;
    if (!names.empty()) names += ", ";
    names += sources[place].name;
  }
  return names;
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/reloads/gate.h>
#include <aiopyr/plugin/reloads/reload_sources.h>
#include <aiopyr/plugin/reloads/trial.h>
#include <aiopyr/plugin/server/apart.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_config.h>
#include <aiopyr/runtime/base/describe.h>

namespace aiopyr::plugin {

namespace {

/// The variables that concern this process alone: its connection to the Emperor, the service
/// manager that waits for its start, and the descriptors that were given to it. UWSGI_RELOADS is
/// not among them: a trial reads a configuration with `if-reload` as the reload will, and does not
/// repeat steps that need rights that were given up (`chroot`).
constexpr std::array<std::string_view, 8> kOwnVariables{
    "UWSGI_EMPEROR_FD=",    "UWSGI_EMPEROR_FD_CONFIG=",
    "UWSGI_EMPEROR_PROXY=", "NOTIFY_SOCKET=",
    "LISTEN_PID=",          "LISTEN_FDS=",
    "LISTEN_FDNAMES=",      "AIOPYR_GIVEN_SOCKETS="};

bool is_own(std::string_view variable) noexcept {
  return std::any_of(kOwnVariables.begin(), kOwnVariables.end(),
                     [&](std::string_view name) { return variable.starts_with(name); });
}

/// Returns the command that uWSGI executes at a reload (uwsgi_reload()), with variables that make
/// it only check its configuration.
TrialCommand trial_command() {
  TrialCommand command;
  command.program = uwsgi.binary_path;
  command.folder = uwsgi.cwd;
  command.arguments.emplace_back(uwsgi.binary_path);
  for (int i = 1; uwsgi.argv[i] != nullptr; ++i) command.arguments.emplace_back(uwsgi.argv[i]);
  command.environment.assign(kCheckVariables.begin(), kCheckVariables.end());
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    if (!is_own(*variable)) command.environment.emplace_back(*variable);
  }
  return command;
}

/// Returns whether a second process can read the same configuration. It cannot if the configuration
/// came through a pipe of the Emperor's, or if it would wait for the lock that this instance holds.
bool can_be_tried() noexcept {
  return uwsgi.emperor_fd_config < 0 && !is_option_set("flock") && !is_option_set("flock-wait");
}

/// Holds reloads back until a trial has shown that the configuration loads.
class Gate {
 public:
  void look() {
    look_at_emperor();
    if (uwsgi_instance_is_dying || uwsgi_instance_is_reloading) return give_up();
    look_at_touched_files();
    if (trial_) return finish();
    begin(take_asked());
  }

 private:
  void begin(ReloadSources asked) {
    if (asked == 0) return;
    asked_ = asked;
    log_line("asked to reload (" + names_of(asked) + "): the configuration is tried first");
    start_trial();
  }

  void start_trial() {
    try {
      trial_.emplace(trial_command(), to_duration(options().reload_check));
    } catch (...) {
      return refuse(describe(std::current_exception()));
    }
    // Wakes the master as soon as the trial has ended.
    event_queue_add_fd_read(uwsgi.master_queue, trial_->fd());
  }

  void finish() {
    const auto result = trial_->result();
    if (!result) return;
    end_trial();
    note_touched_files();
    const ReloadSources more = take_asked();
    if (!result->has_passed) {
      refuse(result->reason);
      return begin(more);
    }
    if (more != 0) return try_again(more);
    carry_out(asked_);
  }

  /// Starts another trial: those who asked during the last one may have installed something else,
  /// which it did not see.
  void try_again(ReloadSources more) {
    asked_ |= more;
    log_line("asked to reload (" + names_of(more) +
             ") during the trial: the configuration is tried again");
    start_trial();
  }

  void refuse(const std::string& reason) {
    log_line("ERROR: the reload (" + names_of(asked_) +
             ") is refused, and all goes on as it was: " + reason);
    tell_refusal(asked_);
  }

  void give_up() noexcept {
    if (trial_) end_trial();
    static_cast<void>(take_asked());
  }

  void end_trial() noexcept {
    event_queue_del_fd(uwsgi.master_queue, trial_->fd(), event_queue_read());
    trial_.reset();
  }

  ReloadSources asked_ = 0;
  std::optional<Trial> trial_;
};

/// Returns null if reloads are left to uWSGI.
Gate* make_gate() {
  if (!runs_our_loop() || options().reload_check <= 0 || !can_be_tried()) return nullptr;
  take_over_reloads();
  return new Gate;
}

}  // namespace

void manage_reloads() noexcept {
  try {
    static Gate* const gate = make_gate();
    if (gate != nullptr) gate->look();
  } catch (...) {
    log_line("a reload is not looked at: out of memory");
  }
}

}  // namespace aiopyr::plugin

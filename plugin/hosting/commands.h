#pragma once

/// The commands that the plugin carries out instead of serving: Pyramid's proutes, pviews, ptweens
/// and prequest, and a check of the configuration. In uWSGI's first process, before any socket is
/// bound or any worker is forked.
namespace aiopyr::plugin {

/// Makes uWSGI load the apps in its first process instead of in workers, if a command is asked for.
/// Called when all options are known, and before the apps are loaded. (stand_apart() keeps uWSGI
/// from binding sockets.)
void prepare_commands() noexcept;

/// Carries out the commands that the options ask for, on standard output, and ends the process:
/// with 0, or after a request with 4 or 5 if its status is 4xx or 5xx. Requires that one is asked
/// for.
[[noreturn]] void run_commands() noexcept;

}  // namespace aiopyr::plugin

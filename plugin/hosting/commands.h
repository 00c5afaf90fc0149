#pragma once

/// What the plugin does instead of serving: Pyramid's proutes, pviews, ptweens and prequest. In
/// uWSGI's first process, before any socket is bound or any worker is forked.
namespace aiopyr::plugin {

/// Where a command is asked for: sees to it that uWSGI neither binds sockets nor leaves the apps to
/// workers. To be called when all options are known, and before the apps are loaded.
void prepare_commands() noexcept;

/// Carries out what the options ask for, on standard output, and ends the process: with 0, or after
/// a request with 4 or 5 where its status is 4xx or 5xx. Requires that one is asked for.
[[noreturn]] void run_commands() noexcept;

}  // namespace aiopyr::plugin

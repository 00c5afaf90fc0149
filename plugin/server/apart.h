#pragma once

#include <array>
#include <string_view>

namespace aiopyr::plugin {

/// Isolates this process from the instance with the same configuration, which may be running: it
/// only looks at the apps (hosting/commands.h). It binds no socket, writes no pid file, log or
/// store, does not daemonize, starts no program, gateway or Emperor, and removes nothing when it
/// ends (`vacuum`). Called when an option asks for a command; takes effect when uWSGI has read all
/// options, and before it applies them.
void stand_apart() noexcept;

/// The variables that make a uWSGI with the same arguments only check its configuration
/// (`aiopyr-check`). They have to be the first of its environment. An argument would not do: uWSGI
/// reads arguments before an ini that is named without `--ini`, and does not know the options of a
/// plugin that this ini loads.
///
/// The hooks are for a uWSGI that has not loaded the plugin: it ignores the option and would serve.
/// They end it before it has opened anything, and at once, since `vacuum` would remove files of the
/// instance. stand_apart() drops them.
constexpr std::array<std::string_view, 3> kCheckVariables{
    "UWSGI_AIOPYR_CHECK=true",
    "UWSGI_HOOK_ASAP=print:[aiopyr] the plugin is not loaded: see what uWSGI says of plugins, and "
    "whether the configuration names it (plugins = aiopyr)",
    "UWSGI_HOOK_ASAP=callint:_exit 22"};

}  // namespace aiopyr::plugin

#pragma once

#include <functional>

#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::plugin {

/// Runs what the hosted apps do when a worker starts (Configurator::on_worker_start), on this
/// worker's loop, before it accepts requests. Takes turns of the loop until it has ended, or until
/// `is_over()`. Logs an app that takes long. Returns whether the worker may serve; where a hook
/// throws, logs it, and returns false after a second, so that a master that starts the worker again
/// does so at a bearable pace.
[[nodiscard]] bool start_apps(Loop& loop, const std::function<bool()>& is_over);

/// Runs what they do when the worker ends (on_worker_stop), and closes the objects of their
/// registries, of all apps at the same time, for at most `limit`.
void stop_apps(Duration limit);

}  // namespace aiopyr::plugin

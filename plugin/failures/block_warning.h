#pragma once

#include <optional>

#include <aiopyr/runtime/async/loop/block_watch.h>

namespace aiopyr::plugin {

/// After which time a blocked loop is told on (aiopyr-block-warning); nothing where nobody wants to
/// know.
std::optional<Duration> block_limit() noexcept;

/// Logs what blocks the loop, and has uWSGI's master kill a worker whose loop stays blocked for
/// longer than `harakiri`: what uWSGI itself would have every request that ends take back.
BlockWatch::Handlers block_handlers();

}  // namespace aiopyr::plugin

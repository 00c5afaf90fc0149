#pragma once

#include <optional>
#include <string>

#include <aiopyr/runtime/async/loop/block_watch.h>

namespace aiopyr::plugin {

/// How to find out what a blocked loop works for.
struct CurrentWork {
  /// Called on the loop's thread, in a signal handler: notes it.
  void (*note)() noexcept;
  /// Called behind that, in another thread: tells what was noted, `GET /x (route y)`; empty where
  /// nobody knows.
  std::string (*describe)();
};

/// After which time a blocked loop is told on (aiopyr-block-warning); nothing where nobody wants to
/// know.
std::optional<Duration> block_limit() noexcept;

/// Logs what blocks the loop, and has uWSGI's master kill a worker whose loop stays blocked for
/// longer than `harakiri`: what uWSGI itself would have every request that ends take back.
BlockWatch::Handlers block_handlers(CurrentWork work);

}  // namespace aiopyr::plugin

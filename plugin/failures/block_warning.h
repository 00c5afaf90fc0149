#pragma once

#include <optional>
#include <string>

#include <aiopyr/runtime/async/loop/block_watch.h>

namespace aiopyr::plugin {

/// The functions that find out for which request or websocket a blocked loop works.
struct CurrentWork {
  /// Called on the loop's thread, in a signal handler: records the current work.
  void (*note)() noexcept;
  /// Called afterwards, in another thread: returns the recorded work, such as `GET /x (route y)`;
  /// empty if it is unknown.
  std::string (*describe)();
};

/// Returns the time after which a blocked loop is reported: for aiopyr-block-warning, for
/// `harakiri`, or for both. Returns nullopt if neither is set.
std::optional<Duration> block_limit() noexcept;

/// Returns handlers that log what blocks the loop, and make uWSGI's master kill a worker whose loop
/// stays blocked for longer than `harakiri`. uWSGI's own deadline would be cleared by every request
/// that ends.
BlockWatch::Handlers block_handlers(CurrentWork work);

}  // namespace aiopyr::plugin

#pragma once

#include <string>
#include <string_view>

/// Facts about this process that several services need. Internal: not for apps.
namespace aiopyr::plugin {

/// Returns whether it is a mule or a spooler.
[[nodiscard]] bool is_mule_or_spooler() noexcept;

/// Returns whether it is the master, or the process that becomes the only worker, while apps load.
[[nodiscard]] bool is_starting() noexcept;

/// Returns whether its workers run our loop engine.
[[nodiscard]] bool runs_our_loop() noexcept;

/// Throws ConfigurationError, which names `what`, without a master.
void require_master(std::string_view what);

/// Throws ConfigurationError, which names `what`, unless apps are being configured in the master.
void require_starting(std::string_view what);

/// Throws ScopeError, which names `what`, in the root context, where a wait would stop the loop.
void require_may_wait(std::string_view what);

}  // namespace aiopyr::plugin

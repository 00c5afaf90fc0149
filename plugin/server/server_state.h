#pragma once

#include <string>
#include <string_view>

/// Questions about this process that several services ask. Internal: not for apps.
namespace aiopyr::plugin {

/// Whether it has been forked for a mule or a spooler.
[[nodiscard]] bool is_mule_or_spooler() noexcept;

/// Whether it is the master, or what becomes the only worker, while apps are loaded.
[[nodiscard]] bool is_starting() noexcept;

/// Whether its workers run our loop engine.
[[nodiscard]] bool runs_our_loop() noexcept;

/// Throws ConfigurationError, which names `what`, without a master.
void require_master(std::string_view what);

/// Throws ConfigurationError, which names `what`, unless apps are being configured in the master.
void require_starting(std::string_view what);

/// Throws ScopeError, which names `what`, in the root context, where to wait would stop everybody.
void require_may_wait(std::string_view what);

}  // namespace aiopyr::plugin

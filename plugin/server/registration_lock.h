#pragma once

namespace aiopyr::plugin {

/// Held while something is looked for, and added if it is not there, in a table that all processes
/// share: with `lazy-apps` each worker configures the app for itself, and several do so at the same
/// time. A process that dies with it lets go of it. Not to be taken by whoever has it.
class RegistrationLock {
 public:
  /// Blocks while another process has it.
  RegistrationLock() noexcept;
  ~RegistrationLock();
  RegistrationLock(const RegistrationLock&) = delete;
  RegistrationLock& operator=(const RegistrationLock&) = delete;
};

/// Makes the lock. In the master before it forks; once.
void make_registration_lock() noexcept;

}  // namespace aiopyr::plugin

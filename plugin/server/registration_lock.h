#pragma once

namespace aiopyr::plugin {

/// Held during a lookup with an insertion in a table that all processes share: with `lazy-apps`
/// each worker configures the app for itself, and several do so at the same time. A process that
/// dies releases it. Not recursive.
class RegistrationLock {
 public:
  /// Waits while another process holds it.
  RegistrationLock() noexcept;
  ~RegistrationLock();
  RegistrationLock(const RegistrationLock&) = delete;
  RegistrationLock& operator=(const RegistrationLock&) = delete;
};

/// Makes the lock. In the master before it forks; once.
void make_registration_lock() noexcept;

}  // namespace aiopyr::plugin

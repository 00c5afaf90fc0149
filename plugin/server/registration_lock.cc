#include <aiopyr/plugin/server/registration_lock.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

uwsgi_lock_item* lock = nullptr;

}  // namespace

RegistrationLock::RegistrationLock() noexcept { uwsgi_lock(lock); }
RegistrationLock::~RegistrationLock() { uwsgi_unlock(lock); }

void make_registration_lock() noexcept {
  if (lock == nullptr) lock = uwsgi_lock_init(const_cast<char*>("aiopyr registrations"));
}

}  // namespace aiopyr::plugin

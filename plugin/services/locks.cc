#include <algorithm>
#include <string>
#include <vector>

#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/locks.h>

namespace aiopyr::uwsgi {

namespace {

/// The locks that this thread holds: with uWSGI's locks it would wait for itself.
thread_local std::vector<int> held;

uwsgi_lock_item* lock_item(int number) {
  if (number < 0 || number > ::uwsgi.locks) {
    throw KeyError("there is no lock " + std::to_string(number) + ": they are 0 to " +
                   std::to_string(::uwsgi.locks) + "; set locks = " + std::to_string(number));
  }
  return ::uwsgi.user_lock[number];
}

void require_may_lock(int number) {
  if (current_context() != Context::kForeign) {
    throw ScopeError(
        "a lock of uWSGI blocks whoever waits for it, and here that is every request: "
        "co_await uwsgi::locked(...)");
  }
  if (::uwsgi.i_am_a_spooler != nullptr) throw ScopeError("a spooler cannot take uWSGI's locks");
  if (std::find(held.begin(), held.end(), number) != held.end()) {
    throw InvalidStateError("this thread holds lock " + std::to_string(number) + " already");
  }
}

}  // namespace

LockGuard::LockGuard(int number) : number_(number) {
  uwsgi_lock_item* const item = lock_item(number);
  require_may_lock(number);
  held.push_back(number);
  ::uwsgi.lock_ops.lock(item);
}

LockGuard::~LockGuard() {
  ::uwsgi.lock_ops.unlock(::uwsgi.user_lock[number_]);
  held.erase(std::find(held.begin(), held.end(), number_));
}

bool is_locked(int number) { return ::uwsgi.lock_ops.lock_check(lock_item(number)) != 0; }

}  // namespace aiopyr::uwsgi

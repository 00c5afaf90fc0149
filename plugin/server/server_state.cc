#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

bool is_mule_or_spooler() noexcept { return uwsgi.muleid > 0 || uwsgi.i_am_a_spooler != nullptr; }

bool is_starting() noexcept { return uwsgi.mywid == 0 && !is_mule_or_spooler(); }

bool runs_our_loop() noexcept {
  return uwsgi.loop != nullptr && std::string_view(uwsgi.loop) == "aiopyr";
}

void require_master(std::string_view what) {
  if (uwsgi.master_process) return;
  throw ConfigurationError(std::string(what) + " needs uWSGI's master: set master = true");
}

void require_starting(std::string_view what) {
  if (is_starting()) return;
  throw ConfigurationError(std::string(what) +
                           " is for the start: call it in the app's function, without lazy-apps");
}

void require_may_wait(std::string_view what) {
  if (current_context() != Context::kLoop) return;
  throw ScopeError(std::string(what) +
                   " waits for the network, which would stop the loop: in a coroutine, "
                   "co_await spawn_fiber(...) it");
}

}  // namespace aiopyr::plugin

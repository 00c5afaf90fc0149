#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/start_checks.h>

namespace aiopyr::plugin {

void require_able_workers() {
  if (!runs_our_loop() || (uwsgi.no_server && !options().check)) return;
  if (uwsgi.async < 2) {
    fail_start("the aiopyr loop engine needs cores: set aiopyr = N (or async = N), 2 or more");
  }
  if (uwsgi.threads > 1) {
    fail_start(
        "the aiopyr loop engine runs on one thread: remove threads; plain views get theirs "
        "from aiopyr-executor-threads");
  }
  // uWSGI lowers their number to what is left beside the master.
  if (uwsgi.numproc < 1 && uwsgi.sockets != nullptr) {
    fail_start(
        "there is no worker to serve: the limit of processes (limit-nproc) leaves none, or "
        "processes is 0");
  }
}

}  // namespace aiopyr::plugin

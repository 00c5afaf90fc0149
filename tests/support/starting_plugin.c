/* Holds workers up between their fork and their loop, for as long as the file STARTING_GATE is there,
 * and right before their loop, for as long as STARTING_LAST_GATE is there; logs a worker that ends
 * within a signal handler meanwhile. Sends the master a SIGHUP right after it has forked a worker, if the
 * file STARTING_HANGUP exists, and then removes that file. */
#include <signal.h>
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

enum { kModifier1 = 98, kStepMicroseconds = 10000 };

static volatile sig_atomic_t is_at_last_gate;

static int is_there(const char *variable) {
  const char *path = getenv(variable);
  return path && !access(path, F_OK);
}

static void on_forked(int is_child) {
  if (is_child || !is_there("STARTING_HANGUP")) return;
  unlink(getenv("STARTING_HANGUP"));
  raise(SIGHUP);
}

static void on_start(void) {
  if (uwsgi.mywid == 0) return;
  if (is_there("STARTING_GATE")) uwsgi_log("[starting] worker %d waits\n", uwsgi.mywid);
  while (is_there("STARTING_GATE")) usleep(kStepMicroseconds);
  uwsgi_log("[starting] worker %d goes on\n", uwsgi.mywid);
}

static void on_exit_handlers(void) {
  if (is_at_last_gate) uwsgi_log("[starting] worker %d has ended within whatever ran\n", uwsgi.mywid);
}

static void on_last_step(void) {
  if (!is_there("STARTING_LAST_GATE")) return;
  atexit(on_exit_handlers);
  is_at_last_gate = 1;
  uwsgi_log("[starting] worker %d is about to begin\n", uwsgi.mywid);
  while (is_there("STARTING_LAST_GATE")) usleep(kStepMicroseconds);
  is_at_last_gate = 0;
}

/* Never called. Without it uWSGI does not call the hook of forks. */
static int on_request(struct wsgi_request *request) { return UWSGI_OK; }

struct uwsgi_plugin starting_plugin = {
    .name = "starting",
    .modifier1 = kModifier1,
    .request = on_request,
    .post_uwsgi_fork = on_forked,
    .post_fork = on_start,
    .hijack_worker = on_last_step,
};

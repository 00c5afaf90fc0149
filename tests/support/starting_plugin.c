/* Holds workers up between their fork and their loop, for as long as the file STARTING_GATE is there;
 * and has the master get a SIGHUP right after it has forked a worker, where the file STARTING_HANGUP
 * is there, which is then taken away. */
#include <signal.h>
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

enum { kModifier1 = 98, kStepMicroseconds = 10000 };

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

/* Never asked. Without it uWSGI does not tell of forks. */
static int on_request(struct wsgi_request *request) { return UWSGI_OK; }

struct uwsgi_plugin starting_plugin = {
    .name = "starting",
    .modifier1 = kModifier1,
    .request = on_request,
    .post_uwsgi_fork = on_forked,
    .post_fork = on_start,
};

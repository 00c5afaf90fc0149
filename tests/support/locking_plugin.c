/* Makes the master hold uWSGI's locks of timers and cron entries from its start until its first rounds
 * have ended: a process that adds one meanwhile waits in that call. */
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

enum { kModifier1 = 97, kRounds = 3 };

static int rounds;

static void on_init(void) {
  uwsgi_lock(uwsgi.timer_table_lock);
  uwsgi_lock(uwsgi.rb_timer_table_lock);
  uwsgi_lock(uwsgi.cron_table_lock);
}

static void on_round(void) {
  if (++rounds != kRounds) return;
  uwsgi_unlock(uwsgi.timer_table_lock);
  uwsgi_unlock(uwsgi.rb_timer_table_lock);
  uwsgi_unlock(uwsgi.cron_table_lock);
  uwsgi_log("[locking] let go\n");
}

/* Never called. Without it uWSGI does not call the hook of rounds. */
static int on_request(struct wsgi_request *request) { return UWSGI_OK; }

struct uwsgi_plugin locking_plugin = {
    .name = "locking",
    .modifier1 = kModifier1,
    .request = on_request,
    .post_init = on_init,
    .master_cycle = on_round,
};

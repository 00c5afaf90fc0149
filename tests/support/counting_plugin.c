/* A request plugin that logs every switch, at which python's would swap its thread state.
 *
 * Lines in the log: `[counting] WHAT CORE`, with the core -1 for the main side. A request waits
 * through uWSGI's hooks, also between two parts of its answer, and logs each time that it runs. */
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

enum { kModifier1 = 99, kWaits = 3, kWaitMilliseconds = 30 };

static void note(const char *what, const struct wsgi_request *request) {
  uwsgi_log("[counting] %s %d\n", what, request ? request->async_id : -1);
}

static void on_suspend(struct wsgi_request *request) { note("suspend", request); }
static void on_resume(struct wsgi_request *request) { note("resume", request); }

static int begin(struct wsgi_request *request) {
  if (uwsgi_parse_vars(request)) return -1;
  note("begin", request);
  if (uwsgi_response_prepare_headers(request, "200 OK", 6)) return -1;
  return UWSGI_AGAIN;
}

static int on_request(struct wsgi_request *request) {
  int i;
  if (request->async_status != UWSGI_AGAIN) return begin(request);
  for (i = 0; i < kWaits; i++) {
    note("run", request);
    uwsgi.wait_milliseconds_hook(kWaitMilliseconds);
    if (uwsgi.wsgi_req != request) note("LOST", request);
  }
  uwsgi_response_write_body_do(request, "counted", 7);
  note("end", request);
  return UWSGI_OK;
}

struct uwsgi_plugin counting_plugin = {
    .name = "counting",
    .modifier1 = kModifier1,
    .request = on_request,
    .suspend = on_suspend,
    .resume = on_resume,
};

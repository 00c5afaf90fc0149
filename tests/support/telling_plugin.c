/* An exception handler, `exception-handler = telling`, that logs what uWSGI passes to it:
 * `[telling] KEY=VALUE`, and `[telling] frame FILE LINE FUNCTION` for each frame. */
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

enum { kFrameItems = 5 };

static void tell_frame_item(uint16_t position, char *value, uint16_t length, void *data) {
  const int item = position % kFrameItems;
  if (item == 0) uwsgi_log("[telling] frame");
  if (item < 3) uwsgi_log(" %.*s", (int)length, value);
  if (item == kFrameItems - 1) uwsgi_log("\n");
}

static void tell(char *key, uint16_t key_length, char *value, uint16_t length, void *data) {
  if (!uwsgi_strncmp(key, key_length, "backtrace", 9)) {
    uwsgi_hooked_parse_array(value, length, tell_frame_item, NULL);
  } else if (uwsgi_strncmp(key, key_length, "vars", 4)) {
    uwsgi_log("[telling] %.*s=%.*s\n", (int)key_length, key, (int)length, value);
  }
}

static int handle(struct uwsgi_exception_handler_instance *instance, char *packet, size_t length) {
  return uwsgi_hooked_parse(packet, length, tell, NULL);
}

static void register_handler(void) { uwsgi_register_exception_handler("telling", handle); }

struct uwsgi_plugin telling_plugin = {
    .name = "telling",
    .on_load = register_handler,
};

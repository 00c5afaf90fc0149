/* An exception handler, `exception-handler = telling`, that logs what uWSGI passes to it:
 * `[telling] KEY=VALUE`, and `[telling] frame FILE LINE FUNCTION` for each frame. */
#include <dirent.h>
#include <sys/syscall.h>
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

/* Returns whether all threads but this one wait for events. */
static int others_wait(void) {
  char path[64];
  DIR *const tasks = opendir("/proc/self/task");
  int all = 1;
  for (struct dirent *task; tasks && (task = readdir(tasks));) {
    if (task->d_name[0] == '.' || atoi(task->d_name) == (int)syscall(SYS_gettid)) continue;
    long call = -1;
    snprintf(path, sizeof path, "/proc/self/task/%.20s/syscall", task->d_name);
    FILE *const file = fopen(path, "r");
    if (!file || fscanf(file, "%ld", &call) != 1 || call != SYS_epoll_wait) all = 0;
    if (file) fclose(file);
  }
  if (tasks) closedir(tasks);
  return all;
}

/* Lets the threads that the master has just started come to rest before it forks its first worker.
 * Under AddressSanitizer they may hold a lock of its allocator at their start, which nobody would
 * release in the worker. */
static void wait_for_threads(void) {
  static int has_waited;
  if (has_waited || uwsgi.mywid != 0) return;
  has_waited = 1;
  for (int i = 0; i < 500 && !others_wait(); ++i) usleep(10000);
}

static void register_handler(void) {
  uwsgi_register_exception_handler("telling", handle);
  pthread_atfork(wait_for_threads, NULL, NULL);
}

struct uwsgi_plugin telling_plugin = {
    .name = "telling",
    .on_load = register_handler,
};

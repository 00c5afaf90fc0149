#include <aiopyr/plugin/failures/exception_hooks.h>
#include <aiopyr/plugin/failures/throw_hook.h>
#include <aiopyr/plugin/hosting/commands.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/hosting/other_apps.h>
#include <aiopyr/plugin/hosting/serve_request.h>
#include <aiopyr/plugin/metrics/metrics.h>
#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/reloads/gate.h>
#include <aiopyr/plugin/request/access_log.h>
#include <aiopyr/plugin/request/body_turns.h>
#include <aiopyr/plugin/request/request_notes.h>
#include <aiopyr/plugin/server/fd_limit.h>
#include <aiopyr/plugin/server/given_sockets.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/option_table.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/registration_lock.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/services/hooks.h>
#include <aiopyr/plugin/worker/drain.h>
#include <aiopyr/plugin/worker/instance_end.h>
#include <aiopyr/plugin/worker/loop_engine.h>
#include <aiopyr/plugin/worker/second_stop.h>
#include <aiopyr/plugin/worker/start_checks.h>
#include <aiopyr/plugin/worker/start_signals.h>

namespace aiopyr::plugin {

namespace {

// Static: in spite of the unnamed namespace g++ gives extern "C" functions external linkage, and
// `mount` would replace the C library's.
extern "C" {

static void on_load() {
  require_known_arguments();
  uwsgi_register_loop(const_cast<char*>("aiopyr"), run_loop_engine);
  raise_fd_limit();
  expect_given_sockets();
  register_log_variables();
}
static int init() {
  require_known_keys();
  settle_sockets();
  require_able_workers();
  require_room_for_python();
  raise_post_buffering();
  announce_fd_limit();
  warn_of_short_mercy();
  share_instance_end();
  return 0;
}
static void post_init() {
  make_registration_lock();
  make_shared_counters();
  register_uwsgi_metrics();
  install_access_log();
}
static void preinit_apps() {
  watch_throws();
  prepare_commands();
}
static void init_apps() { load_configured_app(); }
static int mount(char* mountpoint, char* file) { return mount_app(mountpoint, file); }
static void postinit_apps() {
  require_room_for_python();
  if (options().has_command()) run_commands();
  announce();
}
static int request(wsgi_request* request) { return serve_request(request); }
static void after_request(wsgi_request* request) {
  count_request(*request);
  log_request(request);
}
static int on_signal(std::uint8_t signal, void* handler) { return handle_signal(signal, handler); }
static std::uint64_t on_rpc(void* function, std::uint8_t count, char** arguments,
                            std::uint16_t* sizes, char** answer) {
  return call_rpc(function, count, arguments, sizes, answer);
}
static int on_mule(char* name) { return run_mule(name); }
static int on_mule_message(char* message, std::size_t size) {
  return handle_mule_message(message, size);
}
static int on_spool(char* file, char* vars, std::uint16_t vars_size, char* body,
                    std::size_t body_size) {
  return run_spool_task(file, vars, vars_size, body, body_size);
}
static uwsgi_buffer* get_class(wsgi_request* request) { return exception_class(request); }
static uwsgi_buffer* get_message(wsgi_request* request) { return exception_message(request); }
static uwsgi_buffer* get_repr(wsgi_request* request) { return exception_repr(request); }
static uwsgi_buffer* get_backtrace(wsgi_request* request) { return exception_backtrace(request); }
static void before_fork() { hold_signals(); }
static void after_fork(int is_worker) { let_signals_in(is_worker != 0); }
static void fixup() {
  if (runs_our_loop()) note_end_signals();
}
static void master_cycle() {
  heed_second_stop();
  publish_instance_end();
  manage_reloads();
  tell_untold_workers();
}

}  // extern "C"

uwsgi_plugin make_plugin() {
  uwsgi_plugin plugin{};
  plugin.name = "aiopyr";
  plugin.modifier1 = kModifier1;
  plugin.on_load = on_load;
  plugin.init = init;
  plugin.post_init = post_init;
  plugin.options = option_table();
  plugin.preinit_apps = preinit_apps;
  plugin.init_apps = init_apps;
  plugin.mount_app = mount;
  plugin.postinit_apps = postinit_apps;
  plugin.request = request;
  plugin.after_request = after_request;
  plugin.signal_handler = on_signal;
  plugin.rpc = on_rpc;
  plugin.mule = on_mule;
  plugin.mule_msg = on_mule_message;
  plugin.spooler = on_spool;
  plugin.exception_class = get_class;
  plugin.exception_msg = get_message;
  plugin.exception_repr = get_repr;
  plugin.backtrace = get_backtrace;
  plugin.pre_uwsgi_fork = before_fork;
  plugin.post_uwsgi_fork = after_fork;
  plugin.fixup = fixup;
  plugin.master_cycle = master_cycle;
  return plugin;
}

}  // namespace

}  // namespace aiopyr::plugin

// In a block: `extern "C" struct ... = [] {...}()` would give the initializer's locals C linkage.
extern "C" {
struct uwsgi_plugin aiopyr_plugin = aiopyr::plugin::make_plugin();
}

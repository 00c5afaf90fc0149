#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/plugin/server/apart.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

template <class... Options>
void forget(Options&... options) noexcept {
  ((options = Options{}), ...);
}

/// Clears the functions by which uWSGI reports that it has started. (It has reported that it
/// initializes before it loads plugins.)
void forget_listeners() noexcept { forget(uwsgi.notify, uwsgi.notify_ready); }

void forget_logs() noexcept {
  forget(uwsgi.logfile, uwsgi.logto2, uwsgi.daemonize, uwsgi.daemonize2, uwsgi.log_master,
         uwsgi.requested_logger, uwsgi.requested_req_logger, uwsgi.logfile_chown);
}

void forget_files() noexcept {
  forget(uwsgi.pidfile, uwsgi.pidfile2, uwsgi.safe_pidfile, uwsgi.safe_pidfile2, uwsgi.vacuum,
         uwsgi.file_write_list, uwsgi.metrics_dir, uwsgi.queue_store, uwsgi.cache_store,
         uwsgi.flock2, uwsgi.flock_wait2, uwsgi.cgroup, uwsgi.cgroup_opt);
}

/// Clears the sockets and other things to which others could connect, or for which they wait.
void forget_sockets() noexcept {
  uwsgi.no_server = 1;
  forget(uwsgi.sockets, uwsgi.shared_sockets, uwsgi.emperor, uwsgi.early_emperor,
         uwsgi.wait_for_socket, uwsgi.zerg_node, uwsgi.ftok, uwsgi.lock_engine);
  // Gateways: routers bind their sockets when they are initialized.
  uwsgi.gp_cnt = 0;
#ifdef UWSGI_SSL
  forget(uwsgi.legions);
#endif
}

/// Clears the programs to run up to the loading of apps, and at the end; later ones are never
/// reached.
void forget_programs() noexcept {
  forget(uwsgi.hook_pre_jail, uwsgi.hook_post_jail, uwsgi.hook_in_jail, uwsgi.hook_as_root,
         uwsgi.hook_as_user, uwsgi.hook_pre_app, uwsgi.hook_as_user_atexit);
  forget(uwsgi.exec_asap, uwsgi.exec_pre_jail, uwsgi.exec_post_jail, uwsgi.exec_in_jail,
         uwsgi.exec_as_root, uwsgi.exec_as_user, uwsgi.exec_pre_app, uwsgi.exec_as_user_atexit);
  forget(uwsgi.call_asap, uwsgi.call_pre_jail, uwsgi.call_post_jail, uwsgi.call_in_jail,
         uwsgi.call_as_root, uwsgi.call_as_user, uwsgi.call_pre_app, uwsgi.call_as_user_atexit);
  forget(uwsgi.mount_asap, uwsgi.mount_pre_jail, uwsgi.mount_post_jail, uwsgi.mount_in_jail,
         uwsgi.mount_as_root, uwsgi.umount_asap, uwsgi.umount_pre_jail, uwsgi.umount_post_jail,
         uwsgi.umount_in_jail, uwsgi.umount_as_root);
  forget(uwsgi.fallback_config, uwsgi.privileged_binary_patch, uwsgi.privileged_binary_patch_arg,
         uwsgi.unprivileged_binary_patch, uwsgi.unprivileged_binary_patch_arg);
}

/// Returns the setting of a cache without the file that it is kept in, and without other instances.
std::string without_stores(std::string_view setting) {
  std::string kept;
  while (!setting.empty()) {
    const auto item = setting.substr(0, setting.find(','));
    setting.remove_prefix(std::min(item.size() + 1, setting.size()));
    if (item.starts_with("store") || item.starts_with("sync=") || item.starts_with("udp") ||
        item.starts_with("nodes=")) {
      continue;
    }
    if (!kept.empty()) kept += ',';
    kept += item;
  }
  return kept;
}

/// Clears the stores of caches. The caches stay: an app may use one when it is configured.
void forget_stores_of_caches() {
  for (auto* cache = uwsgi.cache2; cache != nullptr; cache = cache->next) {
    const std::string kept = without_stores(cache->value);
    cache->value = uwsgi_str(chars(kept));
    cache->len = kept.size();
  }
}

/// Removes the variables of kCheckVariables, which are not for programs that an app starts.
void forget_check_variables() {
  for (const std::string_view variable : kCheckVariables) {
    const auto end = variable.find('=');
    const std::string name(variable.substr(0, end));
    const char* const value = std::getenv(name.c_str());
    if (value != nullptr && value == variable.substr(end + 1)) ::unsetenv(name.c_str());
  }
}

/// The first entry of uWSGI's first list of hooks: our hook, which removes all entries after it.
uwsgi_string_list* first_hook = nullptr;

extern "C" {

static int aiopyr_stand_apart(char*) {
  first_hook->next = nullptr;
  forget_listeners();
  forget_logs();
  forget_files();
  forget_sockets();
  forget_programs();
  try {
    forget_check_variables();
    forget_stores_of_caches();
  } catch (...) {
    return -1;
  }
  return 0;
}

}  // extern "C"

}  // namespace

void stand_apart() noexcept {
  if (first_hook != nullptr) return;
  uwsgi_register_hook(chars("aiopyr-stand-apart"), aiopyr_stand_apart);
  uwsgi_string_list* list = nullptr;
  first_hook = uwsgi_string_new_list(&list, uwsgi_str(chars("aiopyr-stand-apart:")));
  first_hook->next = uwsgi.hook_asap;
  uwsgi.hook_asap = first_hook;
}

}  // namespace aiopyr::plugin

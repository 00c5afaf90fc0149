#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/reloads/emperor.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// The byte by which the Emperor orders a reload.
constexpr char kReload = 1;

/// The message of a vassal that it has started, and accepts connections.
constexpr std::string_view kServes{"\1\5", 2};

/// A second descriptor of uWSGI's connection to the Emperor, which the master watches instead of
/// the first; -1 if it does not.
int heard = -1;

void stop_hearing() noexcept {
  event_queue_del_fd(uwsgi.master_queue, heard, event_queue_read());
  ::close(std::exchange(heard, -1));
}

}  // namespace

void hear_emperor() noexcept {
  if (!uwsgi.has_emperor || uwsgi.emperor_proxy != nullptr) return;
  heard = ::fcntl(uwsgi.emperor_fd, F_DUPFD_CLOEXEC, 0);
  if (heard < 0) return;
  event_queue_del_fd(uwsgi.master_queue, uwsgi.emperor_fd, event_queue_read());
  event_queue_add_fd_read(uwsgi.master_queue, heard);
}

bool is_reload_ordered_by_emperor() noexcept {
  if (heard < 0) return false;
  char order = 0;
  const ssize_t count = ::recv(heard, &order, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0) return false;
  if (count == 1 && order == kReload) return ::recv(heard, &order, 1, MSG_DONTWAIT) == 1;
  // Leaves any other order to uWSGI, and stops listening: the vassal ends.
  stop_hearing();
  uwsgi_master_manage_emperor();
  return false;
}

void reload_as_vassal(int) noexcept {
  uwsgi_hooks_run(uwsgi.hook_emperor_reload, chars("emperor-reload"), 0);
  uwsgi.lazy = 0;
  grace_them_all(0);
}

void tell_emperor_of_refusal() noexcept {
  static_cast<void>(!::write(uwsgi.emperor_fd, kServes.data(), kServes.size()));
}

}  // namespace aiopyr::plugin

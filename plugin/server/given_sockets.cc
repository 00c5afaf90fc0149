#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <aiopyr/plugin/server/given_sockets.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/socket_address.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::plugin {

namespace {

/// The variable that passes the number of given descriptors to the process after a reload.
constexpr const char* kGivenVariable = "AIOPYR_GIVEN_SOCKETS";

/// The first given descriptor (man 3 sd_listen_fds).
constexpr int kFirstGiven = 3;

std::string_view variable(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Returns how many descriptors are given to this process, and not to an ancestor of it.
int count_of_given() noexcept {
  if (parse_number<int>(variable("LISTEN_PID")) != ::getpid()) return 0;
  return parse_number<int>(variable("LISTEN_FDS")).value_or(0);
}

int count_after_reload() noexcept {
  return parse_number<int>(variable(kGivenVariable)).value_or(0);
}

bool is_listening(int fd) noexcept {
  int listening = 0;
  socklen_t size = sizeof listening;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

/// Returns the configured socket with the address of `fd`; null if there is none.
uwsgi_socket* socket_meant_by(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return nullptr;
  for (auto* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) {
    const bool is_open = socket->bound != 0 || socket->name == nullptr;
    if (!is_open && names_address(socket->name, address, length)) return socket;
  }
  return nullptr;
}

int family_of(int fd) noexcept {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return address.ss_family;
}

void bind_to(uwsgi_socket& socket, int fd) {
  socket.fd = fd;
  socket.family = family_of(fd);
  socket.bound = 1;
  log_line("socket " + std::string(socket.name) + " is descriptor " + std::to_string(fd) +
           ", which was open already");
}

void claim(int fd) {
  if (!is_listening(fd)) return;
  if (uwsgi_socket* const socket = socket_meant_by(fd)) {
    bind_to(*socket, fd);
  } else if (uwsgi.is_a_reload) {
    // At the first start uWSGI adds it by itself.
    uwsgi_new_socket(uwsgi_str(chars("fd://" + std::to_string(fd))));
  }
}

extern "C" {

static int claim_given_sockets(char*) {
  try {
    const int count = uwsgi.is_a_reload ? count_after_reload() : count_of_given();
    if (count <= 0) return 0;
    ::setenv(kGivenVariable, std::to_string(count).c_str(), 1);
    for (int i = 0; i < count; ++i) claim(kFirstGiven + i);
    return 0;
  } catch (...) {
    return -1;
  }
}

}  // extern "C"

bool comes_before(const uwsgi_socket& one, const uwsgi_socket& other) noexcept {
  for (const auto* socket = one.next; socket != nullptr; socket = socket->next) {
    if (socket == &other) return true;
  }
  return false;
}

/// Removes all sockets with the same descriptor but the first, which is the configured one.
void drop_repeated(uwsgi_socket& kept) noexcept {
  for (auto* socket = kept.next; socket != nullptr;) {
    socket = socket->fd == kept.fd ? uwsgi_del_socket(socket) : socket->next;
  }
}

/// Makes the socket of an option take over the open one to which uWSGI has given its name.
bool take_over_namesake(uwsgi_socket& socket) {
  for (auto* other = uwsgi.sockets; other != nullptr; other = other->next) {
    if (other->fd < 0 || std::string_view(other->name) != socket.name) continue;
    // The other one keeps the settings of its own option.
    if (comes_before(*other, socket)) return false;
    bind_to(socket, other->fd);
    return true;
  }
  return false;
}

/// Returns whether a socket has no descriptor in this process, and is not meant to have one.
bool is_unbound(const uwsgi_socket& socket) noexcept {
  return socket.fd < 0 && !socket.per_core && !socket.lazy && !socket.shared;
}

/// Returns whether the instance has another purpose, as uWSGI checks it without a loop engine.
bool serves_otherwise() noexcept {
  return uwsgi.sockets != nullptr || uwsgi.command_mode || uwsgi.emperor ||
         uwsgi.emperor_proxy != nullptr || uwsgi.udp_socket != nullptr || uwsgi.daemons_cnt > 0 ||
         uwsgi.crons != nullptr || uwsgi.spoolers != nullptr || uwsgi.shared->gateways_cnt > 0;
}

}  // namespace

void expect_given_sockets() {
  // Descriptors of an Emperor are not for its vassals.
  if (!uwsgi.is_a_reload) ::unsetenv(kGivenVariable);
  if ((uwsgi.is_a_reload ? count_after_reload() : count_of_given()) <= 0) return;
  uwsgi_register_hook(chars("aiopyr-claim-sockets"), claim_given_sockets);
  uwsgi_string_new_list(&uwsgi.hook_in_jail, uwsgi_str(chars("aiopyr-claim-sockets:")));
}

void settle_sockets() {
  if (uwsgi.no_server) return;  // nothing is bound
  bool has_taken_over = false;
  for (auto* socket = uwsgi.sockets; socket != nullptr;) {
    if (is_unbound(*socket)) {
      if (!take_over_namesake(*socket)) {
        log_line("socket " + std::string(socket->name) + " is not open: it is left out");
        socket = uwsgi_del_socket(socket);
        continue;
      }
      has_taken_over = true;
    }
    if (socket->fd >= 0) drop_repeated(*socket);
    socket = socket->next;
  }
  if (has_taken_over) uwsgi_set_sockets_protocols();
  if (runs_our_loop() && !serves_otherwise()) {
    fail_start("there is no socket to listen on: set http-socket = :8080, or socket");
  }
}

}  // namespace aiopyr::plugin

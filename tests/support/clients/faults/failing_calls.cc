#include "tests/support/clients/faults/failing_calls.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

using faults::Call;

/// Returns the C library's function of that name.
template <class F>
F* real(const char* name) noexcept {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) static auto* const real_call = real<decltype(name)>(#name)

std::atomic<bool> is_armed;
std::atomic<Call> failing_call;
std::atomic<int> failing_error;
std::atomic<std::uint32_t> failing_position;
std::atomic<std::uint32_t> calls;
std::atomic<bool> has_failed;
std::atomic<bool> is_one_byte;
std::atomic<std::size_t> wait_count;

constexpr std::size_t kDescriptors = 4096;
std::array<std::atomic<bool>, kDescriptors> socket_flags;

bool is_socket(int fd) noexcept {
  return fd >= 0 && static_cast<std::size_t>(fd) < kDescriptors &&
         socket_flags[static_cast<std::size_t>(fd)];
}

void note_socket(int fd, bool is_one) noexcept {
  if (fd >= 0 && static_cast<std::size_t>(fd) < kDescriptors) {
    socket_flags[static_cast<std::size_t>(fd)] = is_one;
  }
}

/// Counts a call. Returns what it has to do instead of its work, with errno set; 0 for nothing.
int fault(Call call) noexcept {
  if (!is_armed || failing_call != call || calls++ != failing_position) return 0;
  has_failed = true;
  if (failing_error > 0) errno = failing_error;
  return failing_error;
}

/// Does the same for a call on a descriptor. A connection that is said to be broken is broken.
int fault_at(Call call, int fd) noexcept {
  if (!is_socket(fd)) return 0;
  const int found = fault(call);
  if (found == ECONNRESET || found == EPIPE || found == faults::kEndOfFile) {
    ::shutdown(fd, SHUT_RDWR);
    errno = found;
  }
  return found;
}

std::size_t limited(std::size_t size, int found) noexcept {
  return size > 1 && (is_one_byte || found == faults::kShort) ? 1 : size;
}

/// Does a read or a write: `move(size)` moves at most so many bytes.
template <class F>
ssize_t transfer(Call call, int fd, std::size_t size, F move) noexcept {
  const int found = fault_at(call, fd);
  if (found > 0) return -1;
  if (found == faults::kEndOfFile) return 0;
  return move(is_socket(fd) ? limited(size, found) : size);
}

/// Does the same with buffers in parts, of which only the first moves where it is one byte.
template <class F>
ssize_t transfer_parts(Call call, int fd, const iovec* parts, std::size_t count, F move) noexcept {
  const int found = fault_at(call, fd);
  if (found > 0) return -1;
  if (found == faults::kEndOfFile) return 0;
  if (!is_socket(fd) || limited(2, found) == 2) return move(parts, count);
  while (count > 1 && parts->iov_len == 0) {
    ++parts;
    --count;
  }
  const iovec byte{count == 0 ? nullptr : parts->iov_base,
                   count == 0 ? 0 : limited(parts->iov_len, found)};
  return move(&byte, 1);
}

template <class F>
ssize_t transfer_message(Call call, int fd, const msghdr* message, F move) noexcept {
  return transfer_parts(call, fd, message->msg_iov, message->msg_iovlen,
                        [&](const iovec* parts, std::size_t count) {
                          msghdr shorter = *message;
                          shorter.msg_iov = const_cast<iovec*>(parts);
                          shorter.msg_iovlen = count;
                          return move(&shorter);
                        });
}

}  // namespace

namespace faults {

void arm(const Fault& fault) noexcept {
  is_armed = false;
  failing_call = fault.call;
  failing_error = fault.error;
  failing_position = fault.position;
  calls = 0;
  has_failed = false;
  wait_count = 0;
  is_armed = true;
}

bool disarm() noexcept {
  is_armed = false;
  return has_failed;
}

void move_one_byte(bool does) noexcept { is_one_byte = does; }

std::size_t waits() noexcept { return wait_count; }

}  // namespace faults

extern "C" {

// --- making sockets

int socket(int family, int type, int protocol) {
  REAL(socket);
  if (fault(Call::kSocket) != 0) return -1;
  const int fd = real_call(family, type, protocol);
  note_socket(fd, true);
  return fd;
}

int socketpair(int family, int type, int protocol, int fds[2]) {
  REAL(socketpair);
  return fault(Call::kPair) != 0 ? -1 : real_call(family, type, protocol, fds);
}

int close(int fd) {
  REAL(close);
  note_socket(fd, false);
  return real_call(fd);
}

int connect(int fd, const sockaddr* address, socklen_t size) {
  REAL(connect);
  const int found = fault_at(Call::kConnect, fd);
  if (found == 0) return real_call(fd, address, size);
  if (found == EINTR || found == EINPROGRESS) {
    static_cast<void>(real_call(fd, address, size));
    errno = found;
  }
  return -1;
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* size) {
  REAL(getsockopt);
  return fault_at(Call::kGetsockopt, fd) != 0 ? -1 : real_call(fd, level, name, value, size);
}

int setsockopt(int fd, int level, int name, const void* value, socklen_t size) {
  REAL(setsockopt);
  return fault_at(Call::kSetsockopt, fd) != 0 ? -1 : real_call(fd, level, name, value, size);
}

int getsockname(int fd, sockaddr* address, socklen_t* size) {
  REAL(getsockname);
  return fault_at(Call::kGetsockname, fd) != 0 ? -1 : real_call(fd, address, size);
}

int getpeername(int fd, sockaddr* address, socklen_t* size) {
  REAL(getpeername);
  return fault_at(Call::kGetsockname, fd) != 0 ? -1 : real_call(fd, address, size);
}

int fcntl(int fd, int command, ...) {
  REAL(fcntl);
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return fault_at(Call::kFcntl, fd) != 0 ? -1 : real_call(fd, command, argument);
}

// --- reading

ssize_t read(int fd, void* buffer, size_t size) {
  REAL(read);
  return transfer(Call::kRead, fd, size, [=](size_t most) { return real_call(fd, buffer, most); });
}

ssize_t recv(int fd, void* buffer, size_t size, int flags) {
  REAL(recv);
  return transfer(Call::kRead, fd, size,
                  [=](size_t most) { return real_call(fd, buffer, most, flags); });
}

ssize_t recvfrom(int fd, void* buffer, size_t size, int flags, sockaddr* from, socklen_t* length) {
  REAL(recvfrom);
  return transfer(Call::kRead, fd, size,
                  [=](size_t most) { return real_call(fd, buffer, most, flags, from, length); });
}

ssize_t readv(int fd, const iovec* parts, int count) {
  REAL(readv);
  return transfer_parts(
      Call::kRead, fd, parts, static_cast<size_t>(count),
      [=](const iovec* some, size_t few) { return real_call(fd, some, static_cast<int>(few)); });
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
  REAL(recvmsg);
  return transfer_message(Call::kRead, fd, message,
                          [=](msghdr* shorter) { return real_call(fd, shorter, flags); });
}

// --- writing

ssize_t write(int fd, const void* buffer, size_t size) {
  REAL(write);
  return transfer(Call::kWrite, fd, size, [=](size_t most) { return real_call(fd, buffer, most); });
}

ssize_t send(int fd, const void* buffer, size_t size, int flags) {
  REAL(send);
  return transfer(Call::kWrite, fd, size,
                  [=](size_t most) { return real_call(fd, buffer, most, flags); });
}

ssize_t sendto(int fd, const void* buffer, size_t size, int flags, const sockaddr* to,
               socklen_t length) {
  REAL(sendto);
  return transfer(Call::kWrite, fd, size,
                  [=](size_t most) { return real_call(fd, buffer, most, flags, to, length); });
}

ssize_t writev(int fd, const iovec* parts, int count) {
  REAL(writev);
  return transfer_parts(
      Call::kWrite, fd, parts, static_cast<size_t>(count),
      [=](const iovec* some, size_t few) { return real_call(fd, some, static_cast<int>(few)); });
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  REAL(sendmsg);
  return transfer_message(Call::kWrite, fd, message,
                          [=](const msghdr* shorter) { return real_call(fd, shorter, flags); });
}

// --- waiting

int poll(pollfd* fds, nfds_t count, int timeout) {
  REAL(poll);
  return count > 0 && fault_at(Call::kPoll, fds[0].fd) != 0 ? -1 : real_call(fds, count, timeout);
}

int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  REAL(epoll_ctl);
  // Only adding a descriptor needs memory.
  const bool fails = operation == EPOLL_CTL_ADD && fault_at(Call::kEpollCtl, fd) != 0;
  return fails ? -1 : real_call(epoll, operation, fd, event);
}

int epoll_wait(int fd, epoll_event* events, int count, int timeout) {
  REAL(epoll_wait);
  ++wait_count;
  return fault(Call::kEpollWait) != 0 ? -1 : real_call(fd, events, count, timeout);
}

// --- looking up

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  REAL(getaddrinfo);
  const int error = fault(Call::kLookUp);
  if (error == 0) return real_call(host, service, hints, found);
  errno = EMFILE;
  return error;
}

}  // extern "C"

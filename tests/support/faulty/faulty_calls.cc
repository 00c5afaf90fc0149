// Preloaded into a uWSGI under test. System calls on the sockets of its clients fail as the shared
// memory of control.h says, or move one byte at a time, and the wall clock is wrong by a given
// time. Calls on other descriptors are unchanged, except the loop's own waits.
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "control.h"
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace {

Control* open_control() noexcept {
  const char* name = std::getenv("AIOPYR_FAULTS");
  if (name == nullptr) return nullptr;
  const int fd = ::open(name, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  // Calls the kernel directly, not our own mmap.
  const long at =
      ::syscall(SYS_mmap, nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  return at == -1 ? nullptr : reinterpret_cast<Control*>(at);
}

Control* control() noexcept {
  static Control* const control = open_control();
  return control;
}

/// Returns the C library's function of that name.
template <class F>
F* real(const char* name) noexcept {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) static auto* const real_call = real<decltype(name)>(#name)

/// The descriptors that were accepted: those of clients.
constexpr std::size_t kDescriptors = 65536;
std::array<std::atomic<bool>, kDescriptors> is_client;

bool client(int fd) noexcept {
  return fd >= 0 && static_cast<std::size_t>(fd) < kDescriptors &&
         is_client[static_cast<std::size_t>(fd)];
}

int note_client(int fd) noexcept {
  if (fd >= 0 && static_cast<std::size_t>(fd) < kDescriptors) {
    is_client[static_cast<std::size_t>(fd)] = true;
  }
  return fd;
}

/// Counts a call; returns whether it has to fail, and sets errno then.
bool fails(Kind kind) noexcept {
  if (control() == nullptr || (control()->kinds & kind) == 0) return false;
  if (control()->calls++ != control()->fails_at) return false;
  control()->failed = kind;
  errno = control()->error;
  return true;
}

std::size_t limited(std::size_t size) noexcept {
  return control() != nullptr && control()->one_byte != 0 && size > 1 ? 1 : size;
}

bool is_limited() noexcept { return limited(2) == 1; }

/// Returns the first byte of the buffers to write or read.
iovec first_byte(const iovec* parts, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    if (parts[i].iov_len > 0) return {parts[i].iov_base, 1};
  }
  return {nullptr, 0};
}

void look_at_the_loop() noexcept {
  if (control() == nullptr) return;
  static const auto* const server =
      static_cast<const uwsgi_server*>(::dlsym(RTLD_DEFAULT, "uwsgi"));
  if (server == nullptr || server->async_queue_unused == nullptr) return;
  control()->free_cores = server->async_queue_unused_ptr + 1;
  ++control()->turns;
}

std::time_t clock_shift() noexcept {
  return control() == nullptr ? 0 : control()->clock_shift.load();
}

}  // namespace

extern "C" {

// --- accepting

int accept(int fd, sockaddr* address, socklen_t* size) {
  REAL(accept);
  return fails(kAccept) ? -1 : note_client(real_call(fd, address, size));
}

int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  REAL(accept4);
  return fails(kAccept) ? -1 : note_client(real_call(fd, address, size, flags));
}

int close(int fd) {
  REAL(close);
  if (client(fd)) is_client[static_cast<std::size_t>(fd)] = false;
  return real_call(fd);
}

// --- reading

ssize_t read(int fd, void* buffer, size_t size) {
  REAL(read);
  if (!client(fd)) return real_call(fd, buffer, size);
  return fails(kRead) ? -1 : real_call(fd, buffer, limited(size));
}

ssize_t recv(int fd, void* buffer, size_t size, int flags) {
  REAL(recv);
  if (!client(fd)) return real_call(fd, buffer, size, flags);
  return fails(kRead) ? -1 : real_call(fd, buffer, limited(size), flags);
}

// --- writing

ssize_t write(int fd, const void* buffer, size_t size) {
  REAL(write);
  if (!client(fd)) return real_call(fd, buffer, size);
  return fails(kWrite) ? -1 : real_call(fd, buffer, limited(size));
}

ssize_t send(int fd, const void* buffer, size_t size, int flags) {
  REAL(send);
  if (!client(fd)) return real_call(fd, buffer, size, flags);
  return fails(kWrite) ? -1 : real_call(fd, buffer, limited(size), flags);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  REAL(writev);
  if (!client(fd)) return real_call(fd, parts, count);
  if (fails(kWrite)) return -1;
  if (!is_limited()) return real_call(fd, parts, count);
  const iovec byte = first_byte(parts, static_cast<std::size_t>(count));
  return real_call(fd, &byte, 1);
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  REAL(sendmsg);
  if (!client(fd)) return real_call(fd, message, flags);
  if (fails(kWrite)) return -1;
  if (!is_limited()) return real_call(fd, message, flags);
  iovec byte = first_byte(message->msg_iov, message->msg_iovlen);
  msghdr shorter = *message;
  shorter.msg_iov = &byte;
  shorter.msg_iovlen = 1;
  return real_call(fd, &shorter, flags);
}

ssize_t sendfile64(int to, int from, off64_t* offset, size_t size) {
  REAL(sendfile64);
  if (!client(to)) return real_call(to, from, offset, size);
  return fails(kWrite) ? -1 : real_call(to, from, offset, limited(size));
}

int shutdown(int fd, int how) {
  REAL(shutdown);
  return client(fd) && fails(kShutdown) ? -1 : real_call(fd, how);
}

int setsockopt(int fd, int level, int name, const void* value, socklen_t size) {
  REAL(setsockopt);
  return client(fd) && fails(kSetsockopt) ? -1 : real_call(fd, level, name, value, size);
}

// --- waiting

int epoll_wait(int fd, epoll_event* events, int count, int timeout) {
  REAL(epoll_wait);
  if (timeout != 0) look_at_the_loop();
  return fails(kEpollWait) ? -1 : real_call(fd, events, count, timeout);
}

int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  REAL(epoll_ctl);
  // Only adding a descriptor needs memory.
  return operation == EPOLL_CTL_ADD && fails(kEpollCtl) ? -1
                                                        : real_call(epoll, operation, fd, event);
}

int poll(pollfd* fds, nfds_t count, int timeout) {
  REAL(poll);
  return fails(kPoll) ? -1 : real_call(fds, count, timeout);
}

// --- memory and threads

void* mmap64(void* at, size_t size, int protection, int flags, int fd, off64_t offset) {
  REAL(mmap64);
  if ((flags & MAP_STACK) != 0 && fails(kStack)) return MAP_FAILED;
  return real_call(at, size, protection, flags, fd, offset);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  REAL(mmap);
  if ((flags & MAP_STACK) != 0 && fails(kStack)) return MAP_FAILED;
  return real_call(at, size, protection, flags, fd, offset);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) {
  REAL(pthread_create);
  return fails(kThread) ? errno : real_call(thread, attributes, run, argument);
}

}  // extern "C"

namespace {

void* allocate(std::size_t size) noexcept {
  if (::getpid() == ::gettid() && fails(kMemory)) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

void* allocate_or_throw(std::size_t size) {
  void* memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" {

// --- the wall clock

int clock_gettime(clockid_t clock, timespec* now) {
  REAL(clock_gettime);
  const int result = real_call(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += clock_shift();
  return result;
}

int gettimeofday(timeval* now, void* zone) {
  REAL(gettimeofday);
  const int result = real_call(now, zone);
  now->tv_sec += clock_shift();
  return result;
}

time_t time(time_t* now) {
  REAL(time);
  const time_t result = real_call(nullptr) + clock_shift();
  if (now != nullptr) *now = result;
  return result;
}

}  // extern "C"

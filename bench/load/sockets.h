#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <utility>

/// Wraps sockets and epoll for the load generator: one thread, errors as std::system_error.
namespace load {

/// A file descriptor, closed with the object.
class Fd {
 public:
  Fd() noexcept = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

/// Connects to 127.0.0.1 and waits until that is done. Uses the addresses of 127.0.0.0/8 in turn as
/// the source, so that none runs out of ports. The socket has TCP_NODELAY and blocks; send and
/// receive below do not.
[[nodiscard]] Fd connect_to(std::uint16_t port);

/// Keeps the bytes that did not fit into the socket, and sends them when there is room.
class Outbox {
 public:
  /// Returns whether everything has left.
  bool send(int fd, std::string_view data);
  /// Sends the kept bytes. Returns whether all have left.
  bool flush(int fd);
  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }

 private:
  std::string waiting_;
};

/// Reads the available bytes, as far as they fit; 0 for none. Sets `ended` at the end of the
/// stream.
[[nodiscard]] std::size_t receive(int fd, std::span<char> room, bool& ended);

/// Sends all bytes, and waits for room, unlike the others.
void send_all(int fd, std::string_view data);
/// Returns an answer's head with the empty line at its end, and not a byte more; or all bytes
/// before the end of the stream.
[[nodiscard]] std::string receive_head(int fd);

/// Readiness of sockets, level-triggered.
class Poll {
 public:
  Poll();
  /// Adds a descriptor; `data` is returned with each event.
  void add(int fd, std::uint64_t data, std::uint32_t events = EPOLLIN);
  void change(int fd, std::uint64_t data, std::uint32_t events);
  /// Returns the ready sockets without waiting. A load that polls instead of sleeping has a core of
  /// its own: otherwise the server would pay for waking it up, with every answer if it is the
  /// slower one, which a client elsewhere on a network does not cause.
  [[nodiscard]] std::span<epoll_event> ready() { return events(0); }
  /// Returns the ready sockets, after waiting for one, for `timeout_ms` at most (-1: without end).
  [[nodiscard]] std::span<epoll_event> wait(int timeout_ms = -1) { return events(timeout_ms); }

 private:
  static constexpr int kEvents = 256;

  [[nodiscard]] std::span<epoll_event> events(int timeout_ms);

  Fd fd_;
  epoll_event events_[kEvents];
};

/// Raises the limit of open files to the maximum.
void raise_file_limit();

}  // namespace load

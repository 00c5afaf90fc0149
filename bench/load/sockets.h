#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <utility>

/// Sockets and epoll as the load generator uses them: one thread, errors as std::system_error.
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

/// Connects to 127.0.0.1 and waits until that is done. Addresses of 127.0.0.0/8 are taken in turn
/// as the source, so that the ports of none run short. The socket has TCP_NODELAY and blocks; send
/// and receive below do not.
[[nodiscard]] Fd connect_to(std::uint16_t port);

/// What did not fit into the socket is kept, and sent when there is room.
class Outbox {
 public:
  /// Returns whether everything has left.
  bool send(int fd, std::string_view data);
  /// What is kept. Returns whether everything has left.
  bool flush(int fd);
  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }

 private:
  std::string waiting_;
};

/// What is there, as far as it fits; 0 for nothing yet. Sets `ended` at the end of the stream.
[[nodiscard]] std::size_t receive(int fd, std::span<char> room, bool& ended);

/// Waits for what it needs, unlike the others.
void send_all(int fd, std::string_view data);
/// An answer's head with the empty line at its end, and not a byte more; or what came before the
/// end of the stream.
[[nodiscard]] std::string receive_head(int fd);

/// Readiness of sockets, level-triggered.
class Poll {
 public:
  Poll();
  /// `data` comes back with each event.
  void add(int fd, std::uint64_t data, std::uint32_t events = EPOLLIN);
  void change(int fd, std::uint64_t data, std::uint32_t events);
  /// What is ready; none where nothing is. A load that asks again and again, rather than to sleep,
  /// has a core of its own: the server would pay for waking it up, with every answer if it is the
  /// slower one, which no client elsewhere on a network makes it do.
  [[nodiscard]] std::span<epoll_event> ready() { return events(0); }
  /// The same once there is something.
  [[nodiscard]] std::span<epoll_event> wait() { return events(-1); }

 private:
  static constexpr int kEvents = 256;

  [[nodiscard]] std::span<epoll_event> events(int timeout_ms);

  Fd fd_;
  epoll_event events_[kEvents];
};

/// Files that the process may have open: as many as it can get.
void raise_file_limit();

}  // namespace load

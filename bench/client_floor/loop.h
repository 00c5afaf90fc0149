#pragma once

#include <cstdint>
#include <sys/epoll.h>
#include <vector>

/// The smallest server that asks PostgreSQL, Redis or another HTTP server before it answers: one
/// thread, one epoll, the plain libraries. It is what the clients are measured against.
namespace client_floor {

/// Called when a descriptor is ready.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Gets the events of epoll_wait(2). May watch and forget any descriptor.
  virtual void on_ready(int fd, std::uint32_t events) = 0;
};

/// Called once a turn, when all ready descriptors have been handled: sends what they left.
class TurnEnd {
 public:
  virtual ~TurnEnd() = default;
  virtual void on_turn_end() = 0;
  /// Returns for how long the next turn may wait at most, in milliseconds; -1: for ever.
  [[nodiscard]] virtual int timeout_ms() { return -1; }
};

/// Level-triggered readiness.
class Loop {
 public:
  Loop();

  /// Watches a descriptor, or changes what it is watched for.
  void watch(int fd, Handler& handler, std::uint32_t events = EPOLLIN);
  void forget(int fd);

  [[noreturn]] void run(TurnEnd& turn_end);

 private:
  int epoll_;
  std::vector<Handler*> handlers_;  // by their descriptors
};

}  // namespace client_floor

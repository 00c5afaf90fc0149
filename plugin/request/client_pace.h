#pragma once

#include <cstddef>
#include <optional>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/slow_cores.h>
#include <aiopyr/plugin/io/pace.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/timer.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// The pace (Pace) that the client of a core's request has to keep while it is to send or to read:
/// otherwise waits for it end early. A client that is slow to read what uWSGI's functions write
/// holds one of the cores for slow clients (SlowCores); if none of these is free, it has only a
/// second. On the request's fiber.
class ClientPace {
 public:
  /// Both have to outlive it.
  ClientPace(wsgi_request& request, ClientConnections& connections) noexcept
      : request_(request), connections_(connections) {}

  /// Begins the pace, until stop(): the client has to send (kRead) or to read (kWrite).
  void begin(FdEvents direction) noexcept;
  void stop() noexcept {
    paced_ = FdEvents::kNone;
    right_.give_back();
  }
  /// Counts bytes that it has sent, if the request does not count them itself.
  void note_progress(std::size_t bytes) noexcept { bytes_ += bytes; }
  /// Returns how long a wait for `fd` may take at most; nullopt if it is not paced.
  [[nodiscard]] std::optional<Duration> limit(int fd, FdEvents direction) noexcept;

  /// Paces a client during its lifetime.
  class Scope {
   public:
    Scope(ClientPace& pace, FdEvents direction) noexcept : pace_(pace) { pace_.begin(direction); }
    ~Scope() { pace_.stop(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    ClientPace& pace_;
  };

 private:
  [[nodiscard]] std::size_t progress() const noexcept;

  [[nodiscard]] TimePoint end(TimePoint now) noexcept;

  wsgi_request& request_;
  ClientConnections& connections_;
  FdEvents paced_ = FdEvents::kNone;
  Pace pace_;
  std::size_t bytes_ = 0;
  SlowCores::Right right_;
  std::optional<TimePoint> end_without_right_;
};

}  // namespace aiopyr::plugin

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/client_figures.h>
#include <aiopyr/runtime/base/text_map.h>

namespace aiopyr::http {

/// libcurl's multi handle on a loop: its connections, and the transfers that run. Made on the
/// loop's thread, after the fork. No coroutine runs within one of libcurl's callbacks: those only
/// take notes and wake by call_soon, so that a coroutine may end any transfer at any time.
///
/// CURL and CURLM are void in libcurl's own headers, which are not included here.
class Multi {
 public:
  /// Who is told of a transfer's end; CURLOPT_PRIVATE of its easy handle.
  class Listener {
   public:
    /// Called once libcurl has ended the transfer; outside of its callbacks.
    virtual void on_done(int code) noexcept = 0;

   protected:
    ~Listener() = default;
  };

  Multi(const Limits& limits, metrics::ClientFigures& figures);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  /// Returns an easy handle without options, perhaps one used before.
  [[nodiscard]] void* take_easy();
  void give_back(void* easy) noexcept;

  /// Starts a transfer; it goes as far as it can at once.
  void add(void* easy);
  /// Ends it at once: its connection is kept where the answer was complete, else closed (HTTP/1) or
  /// its stream reset (HTTP/2). Requires: added. Never blocks, since libcurl looks up no names.
  void remove(void* easy) noexcept;
  /// Lets libcurl do what became possible without input.
  void kick() noexcept;

  [[nodiscard]] metrics::ClientFigures& figures() noexcept { return figures_; }

  // Count sockets; called from libcurl's callbacks.
  void socket_opened(int fd) noexcept;
  void socket_closed(int fd) noexcept;

  /// Notes that the socket with this address (`127.0.0.1 40000`) speaks HTTP/1.
  void note_address(const std::string& address);
  /// Returns the socket with that address; -1 where none was noted.
  [[nodiscard]] int socket_of(const std::string& address) const noexcept;

 private:
  class SocketWatch;
  class CurlTimer final : public Timer {
   public:
    explicit CurlTimer(Multi& multi) noexcept : multi_(multi) {}

   private:
    void on_timer() override { multi_.kick(); }
    Multi& multi_;
  };
  /// Closes idle connections: libcurl itself looks at them only when it needs one.
  class IdleTimer final : public Timer {
   public:
    explicit IdleTimer(Multi& multi) noexcept : multi_(multi) {}

   private:
    void on_timer() override { multi_.close_idle(); }
    Multi& multi_;
  };

  static int on_socket(void* easy, int fd, int what, void* self, void* watch) noexcept;
  static int on_time(void* multi, long milliseconds, void* self) noexcept;
  void watch_socket(int fd, int what, SocketWatch* watch);
  void act(int fd, int events) noexcept;
  void tell_ends() noexcept;
  void open();
  void close_idle();

  Limits limits_;
  metrics::ClientFigures& figures_;
  void* multi_ = nullptr;
  std::size_t running_ = 0;
  std::size_t sockets_ = 0;
  std::vector<int> unnamed_;        // sockets whose address is not noted
  detail::TextMap<int> addresses_;  // of the others
  CurlTimer curl_timer_{*this};
  IdleTimer idle_timer_{*this};
  std::vector<std::unique_ptr<SocketWatch>> spare_watches_;
  std::vector<void*> spare_easies_;
};

}  // namespace aiopyr::http

#pragma once

#include <functional>
#include <memory>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>

struct uwsgi_socket;
struct wsgi_request;

namespace aiopyr::plugin {

/// Accepts the connections of one listening socket, as many as there are free cores.
///
/// If no core is free it stops watching, so that a waiting connection costs no CPU; resume() starts
/// it again. Meanwhile, five times a second, it takes waiting connections into this worker's queue
/// (ClientConnections::add_to_queue), unless another worker has had a core for them. Connections
/// that have waited all go through that queue, where clients that have given up come last. Without
/// descriptors or memory it tries again ten times a second.
class Acceptor final : public FdWatch {
 public:
  /// Called with the core of each accepted connection, and with the connection, which is lent to
  /// it.
  using Serve = std::function<void(wsgi_request&, std::unique_ptr<ClientConnection>)>;

  Acceptor(ClientConnections& connections, uwsgi_socket& socket, Serve serve);

  /// Watches again, unless a retry is due later.
  void resume();
  void pause() noexcept;

 private:
  class Retry final : public Timer {
   public:
    explicit Retry(Acceptor& acceptor) : acceptor_(acceptor) {}

   private:
    void on_timer() override { acceptor_.resume(); }
    Acceptor& acceptor_;
  };

  class Overflow final : public Timer {
   public:
    explicit Overflow(Acceptor& acceptor) : acceptor_(acceptor) {}

   private:
    void on_timer() override { acceptor_.accept_to_queue(); }
    Acceptor& acceptor_;
  };

  void on_ready(FdEvents ready) override;
  bool accept_one();
  void wait_for_cores();
  void accept_in_turn();
  void accept_to_queue();
  void retry_later(int error);

  ClientConnections& connections_;
  Loop& loop_;
  uwsgi_socket& socket_;
  Serve serve_;
  Retry retry_{*this};
  Overflow overflow_{*this};
  bool is_behind_ = false;  // connections have waited for cores, and may do so still
  bool is_short_ = false;   // of descriptors or memory, and the log knows it
};

}  // namespace aiopyr::plugin

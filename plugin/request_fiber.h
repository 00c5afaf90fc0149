#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/plugin/body_core.h>
#include <aiopyr/plugin/client_watch.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connection.h>
#include <aiopyr/plugin/request_deadline.h>
#include <aiopyr/plugin/request_notes.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/async/transport.h>

namespace aiopyr::plugin {

/// What happens to a connection that outlives its request, as after a websocket's 101.
struct Upgrade {
  std::unique_ptr<Transport> transport;
  std::string leftover;  ///< bytes that the client sent behind its request's headers
  std::function<void(std::unique_ptr<Transport>, std::string)> take_over;
};

/// One core at work: reads a request, has the right plugin answer it, closes it. All of it happens
/// on a fiber, so every wait of uWSGI's parks; there is one of these for each core, used again.
///
/// As the fiber's observer it keeps uWSGI's notion of the current request right, gives each request
/// a websocket continuation buffer of its own, and lets other plugins (python) swap their state, as
/// uWSGI's ugreen does.
class RequestFiber final : public FiberObserver {
 public:
  explicit RequestFiber(wsgi_request& request) noexcept : request_(request) {}

  /// Serves the connection that the core was given. `connection` is what PendingConnections had of
  /// it, if it comes from there. `done` is called in the root context when the core is free again:
  /// the request is answered, or has gone to PendingConnections because its client has not sent all
  /// of it.
  void serve(Loop& loop, Arrival arrival, std::unique_ptr<PendingConnection> connection,
             std::function<void()> done);

  [[nodiscard]] wsgi_request& request() noexcept { return request_; }

  /// uWSGI's schedule_to_main: parks this core's fiber until wake().
  void park() noexcept;
  /// uWSGI's schedule_to_req and schedule_fix: lets it go on.
  void wake() noexcept;

  /// Keeps a connection for after the request; called by the request plugin on this fiber.
  void set_upgrade(Upgrade upgrade) { upgrade_ = std::make_unique<Upgrade>(std::move(upgrade)); }

  /// Whether the request that is being read has a body in chunks.
  void note_chunks(bool has_chunks) noexcept { has_chunks_ = has_chunks; }

  /// The line of the PROXY protocol before the request that is being read, for those behind it on
  /// the same connection: without memory for it, or without one, there will be none.
  void keep_proxy_line(std::string_view line) noexcept;

  /// Takes the connection out of the core, for its next request. On this fiber, when the request
  /// was read to its end.
  [[nodiscard]] UnfinishedRequest next_request() noexcept {
    return UnfinishedRequest::next(request_, arrival_, loop_->now());
  }
  /// Gives a request that is to come, or to go on, to PendingConnections once the core is free.
  /// When the response was sent.
  void set_aside(UnfinishedRequest request);
  /// Has the connection that was set aside send a response, with those of others. Requires:
  /// has_room_for_answer() of its size.
  void answer_in_batch(uwsgi_buffer* response) { connection_->answer(response); }
  [[nodiscard]] bool has_room_for_answer(std::size_t bytes) noexcept {
    return connection_ == nullptr || connection_->has_room_for_answer(bytes);
  }
  /// What has not left of the answers before, and this one's head behind it; empty where there is
  /// nothing before. Throws std::bad_alloc, with nothing done, and ClientDisconnected where answers
  /// were lost.
  [[nodiscard]] std::string take_answers_before(std::string_view head);
  /// Sends what has not left. A fiber waits for the client, as long as for a single write; the root
  /// context does not. Returns false where it could not be sent: nothing else can be.
  bool send_answers_before() noexcept;
  [[nodiscard]] const Arrival& arrival() const noexcept { return arrival_; }

  /// From here to forget_client() the fiber is cancelled where the client vanishes (ClientWatch).
  /// On this fiber.
  void watch_client() { client_watch_.emplace(request_.fd); }
  /// Returns whether it was seen to vanish.
  bool forget_client() noexcept;

  /// Gives the request so many seconds from now, 0 for any time (RequestDeadline). Requires: it is
  /// being served. On the loop's thread.
  void set_timeout(double seconds) { deadline_.set(*fiber_, seconds); }
  /// From here on it has any time.
  void lift_timeout() noexcept { deadline_.lift(); }
  [[nodiscard]] const RequestDeadline& deadline() const noexcept { return deadline_; }

  /// From here to stop_pacing() the client has to send (kRead) or to read (kWrite) at a pace
  /// (Pace): waits for it end early otherwise. On this fiber.
  void pace_client(FdEvents direction) noexcept;
  /// It has sent so much of what the request does not count itself.
  void note_progress(std::size_t bytes) noexcept { paced_bytes_ += bytes; }
  void stop_pacing() noexcept { paced_ = FdEvents::kNone; }

  /// The body was read to its end, or nobody will read on.
  void end_body() noexcept;
  /// How long a wait for `fd` may take at most; nothing where that is not paced.
  [[nodiscard]] std::optional<Duration> pace_limit(int fd, FdEvents direction) noexcept;

  /// Closes the connection where the client has not sent a byte yet, as browsers open some to have
  /// them. From the root context.
  void drop_unasked() noexcept {
    if (unasked_) fiber_->cancel_soon();
  }

  /// Of the request that is being served, or was last.
  [[nodiscard]] RequestNotes& notes() noexcept { return notes_; }

  void on_enter() noexcept override;
  void on_leave() noexcept override;

 private:
  enum class Read { kWhole, kUnfinished, kFailed };

  /// Takes no memory, which may be what has run out.
  class End final : public Runnable {
   public:
    explicit End(RequestFiber& fiber) noexcept : fiber_(fiber) {}
    void run() override { fiber_.finish(); }

   private:
    RequestFiber& fiber_;
  };

  void run() noexcept;
  Read read_request() noexcept;
  bool wait_for_more() noexcept;
  Read leave_core(std::size_t awaited_body, std::unique_ptr<BodyInput> input = nullptr) noexcept;
  Read await_body() noexcept;
  Read read_ahead() noexcept;
  bool take_body_core() noexcept;
  void answer() noexcept;
  void finish();
  [[nodiscard]] std::optional<std::size_t> body_rest() const noexcept;
  [[nodiscard]] std::size_t client_progress() const noexcept;

  wsgi_request& request_;
  Loop* loop_ = nullptr;
  Fiber* fiber_ = nullptr;
  bool is_starting_ = false;  // its fiber was started, and has not parked yet
  bool has_ended_ = false;    // without having parked
  uwsgi_buffer* continuation_ = nullptr;
  bool plugin_runs_ = false;
  bool has_chunks_ = false;
  BodyCore body_core_;
  bool unasked_ = false;  // waits for a request's first byte
  RequestNotes notes_;
  std::optional<ClientWatch> client_watch_;
  RequestDeadline deadline_{request_};
  std::unique_ptr<Upgrade> upgrade_;
  Arrival arrival_{};
  std::unique_ptr<PendingConnection> connection_;
  bool is_set_aside_ = false;  // connection_ goes back to PendingConnections
  FdEvents paced_ = FdEvents::kNone;
  Pace pace_;
  std::size_t paced_bytes_ = 0;
  std::function<void()> done_;
  End end_{*this};
};

/// Paces the client of the current request for as long as it lives.
class ClientPace {
 public:
  ClientPace(RequestFiber& fiber, FdEvents direction) noexcept : fiber_(fiber) {
    fiber_.pace_client(direction);
  }
  ~ClientPace() { fiber_.stop_pacing(); }
  ClientPace(const ClientPace&) = delete;
  ClientPace& operator=(const ClientPace&) = delete;

 private:
  RequestFiber& fiber_;
};

/// The fiber of the request that uWSGI calls current. Requires: called while one is being served.
RequestFiber& current_request_fiber() noexcept;

/// The fiber of a core, by uWSGI's number for it.
RequestFiber& request_fiber_of(const wsgi_request& request) noexcept;

/// Calls drop_unasked() of each.
void drop_unasked_connections() noexcept;

/// Makes the fibers of this worker's cores. After fork.
void make_request_fibers();

}  // namespace aiopyr::plugin

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/plugin/written_response.h>
#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

class PendingConnections;

/// A connection on which a request is awaited, or waits for a core. While a request of it is served
/// it lies with that one's RequestFiber, and comes back where the connection is kept: its watch and
/// its timer go on meanwhile, since starting them anew for each request would cost a system call.
///
/// On the loop's thread. What becomes of it is said by PendingConnections, in the root context.
class PendingConnection final : public ListHook {
 public:
  explicit PendingConnection(PendingConnections& all) noexcept : all_(all) {}
  ~PendingConnection() { send_answers(); }
  PendingConnection(const PendingConnection&) = delete;
  PendingConnection& operator=(const PendingConnection&) = delete;

  /// It is about this request from here on.
  void hold(UnfinishedRequest request) noexcept {
    request_ = std::move(request);
    fd_ = request_.fd();
  }

  /// The answer to a request: it leaves with those of other connections, and with those to the
  /// requests behind it that are there already. Requires: has_room_for_answer() of its size.
  void answer(uwsgi_buffer* response);
  /// Whether one of so many bytes can be held; sends what is held before, if there is too much.
  [[nodiscard]] bool has_room_for_answer(std::size_t bytes) noexcept;
  /// Whether what is held may wait for the next answer: of a client that does not read it may not,
  /// since a request holds a core while it waits to write.
  [[nodiscard]] bool may_hold_on() noexcept;
  /// Sends what is held now. Returns whether it has left whole, or there was none.
  bool send_answers() noexcept;
  /// Whether send_answers() has returned false: nothing else can be sent before the rest.
  [[nodiscard]] bool is_stuck() const noexcept { return is_stuck_; }
  /// Whether there is such a rest: the client is there, and has to read on.
  [[nodiscard]] bool has_rest() const noexcept { return answers_.is_there(); }
  /// Whether an answer was lost: no other may take its place.
  [[nodiscard]] bool is_broken() const noexcept { return is_stuck_ && !has_rest(); }
  /// What has not left, and `more` behind it; empty where all has. Throws std::bad_alloc, with
  /// nothing done.
  [[nodiscard]] std::string take_answers(std::string_view more = {});
  /// Sends that rest, if the client is still there: it has to read on. The connection is used again
  /// afterwards, or closed where there is no memory for that; nothing of it is left here.
  void leave_rest() noexcept;

  /// Its client has to send the rest of its request, or all of it.
  void await_client();

  /// Its request waits for a core from here on, for a BodyCore where its body has not all come.
  void await_core();
  /// It waits on, for as long again.
  void prolong_queueing();

  /// Nothing is waited for any more: the request goes elsewhere.
  UnfinishedRequest release() noexcept;

  [[nodiscard]] UnfinishedRequest& request() noexcept { return request_; }
  [[nodiscard]] const UnfinishedRequest& request() const noexcept { return request_; }
  [[nodiscard]] bool awaits_core() const noexcept {
    return state_ == State::kAwaitsCore || awaits_body_core();
  }
  [[nodiscard]] bool awaits_body_core() const noexcept { return state_ == State::kAwaitsBodyCore; }
  /// Since when it waits for one.
  [[nodiscard]] TimePoint queued_at() const noexcept { return queued_at_; }
  /// Whether it was kept after a request, and its client has not sent a byte of the next one.
  [[nodiscard]] bool is_idle() const noexcept {
    return state_ == State::kReads && request_.arrival().served > 0 && !request_.is_asked();
  }
  /// Whether a request of it is being served.
  [[nodiscard]] bool is_served() const noexcept { return state_ == State::kReleased; }

 private:
  enum class State { kReads, kAwaitsCore, kAwaitsBodyCore, kReleased };

  class Watch final : public FdWatch {
   public:
    explicit Watch(PendingConnection& connection) noexcept : connection_(connection) {}

   private:
    void on_ready(FdEvents) override { connection_.on_ready(); }
    PendingConnection& connection_;
  };

  /// Of a client that has to read on while the next request of it is served.
  class RestWatch final : public FdWatch {
   public:
    explicit RestWatch(PendingConnection& connection) noexcept : connection_(connection) {}

   private:
    void on_ready(FdEvents) override { connection_.send_answers(); }
    PendingConnection& connection_;
  };

  class Deadline final : public Timer {
   public:
    explicit Deadline(PendingConnection& connection) noexcept : connection_(connection) {}

   private:
    void on_timer() override { connection_.on_timer(); }
    PendingConnection& connection_;
  };

  class Sending final : public Runnable {
   public:
    explicit Sending(PendingConnection& connection) noexcept : connection_(connection) {}
    void run() override { connection_.on_batch(); }

   private:
    PendingConnection& connection_;
  };

  void on_ready();
  void on_timer();
  void on_batch();
  void set_low_water_mark(std::size_t bytes) noexcept;
  void watch();
  void limit(TimePoint deadline);
  [[nodiscard]] TimePoint read_deadline() const noexcept;

  PendingConnections& all_;
  UnfinishedRequest request_;
  int fd_ = -1;  // also while a request of it is served
  WrittenResponse answers_;
  bool is_stuck_ = false;
  bool is_read_ = false;  // what is held will find room
  State state_ = State::kReleased;
  bool has_early_input_ = false;  // something has come while its request was served
  std::size_t low_water_mark_ = 1;
  Watch watch_{*this};
  Deadline timer_{*this};
  Sending sending_{*this};
  RestWatch rest_watch_{*this};
  TimePoint fires_at_{};
  TimePoint deadline_{};
  TimePoint queued_at_{};
};

}  // namespace aiopyr::plugin

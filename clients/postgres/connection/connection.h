#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/base/pooled_connection.h>
#include <aiopyr/clients/postgres/connection/exchange.h>
#include <aiopyr/clients/postgres/connection/notices.h>
#include <aiopyr/clients/postgres/connection/settings.h>
#include <aiopyr/clients/postgres/connection/statement.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/client_errors.h>

struct pg_conn;

namespace aiopyr::postgres {

/// One session at the server, by libpq in pipeline mode. Exchanges are sent in the order in which
/// they are given to it, and their answers come in the same order; several may be on the way. An
/// exchange whose asker went away keeps its place, and its answer is read and dropped.
///
/// Nothing blocks: the socket is non-blocking and watched by the loop, and what the server does not
/// take at once waits in libpq's buffer. Loop thread only.
class Connection final : public clients::PooledConnection {
 public:
  /// Takes a connection that PQconnectPoll() has completed.
  Connection(pg_conn* established, std::shared_ptr<const Settings> settings);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends an exchange; its answer, or the error, arrives at its completion. Requires: is_open()
  /// and not in a COPY.
  void send(std::shared_ptr<Exchange> exchange);

  /// Returns how many exchanges are on the way.
  [[nodiscard]] std::size_t in_flight() const noexcept { return flights_.size(); }
  /// Returns since when the server works at the first of them.
  [[nodiscard]] TimePoint head_since() const noexcept { return head_since_; }
  /// Returns whether the first of them has taken longer than its asker waited.
  [[nodiscard]] bool is_stuck() const noexcept {
    return !flights_.empty() && flights_.front()->is_told_late;
  }
  [[nodiscard]] bool is_in_transaction() const noexcept;

  [[nodiscard]] bool is_open() const noexcept override { return handle_ != nullptr && !retiring_; }
  [[nodiscard]] bool is_clean() const noexcept override;
  /// Cancels what runs, waits until the server is ready and the cancel has ended, and rolls back.
  [[nodiscard]] Task<void> clean() override;
  void close() noexcept override;

  /// Runs `runnable` in the turn after an exchange has ended, or the connection was lost; null for
  /// none.
  void when_answered(Runnable* runnable) noexcept { when_answered_ = runnable; }
  void on_notice(NoticeHandler handler) { on_notice_ = std::move(handler); }
  void on_notification(NotificationHandler handler) { on_notification_ = std::move(handler); }

  /// Returns libpq's own; null once the connection is closed.
  [[nodiscard]] pg_conn* handle() const noexcept { return handle_; }
  [[nodiscard]] const Settings& settings() const noexcept { return *settings_; }
  [[nodiscard]] ClientError::Context context(std::string_view operation) const;
  [[nodiscard]] std::size_t prepared_count() const noexcept { return prepared_.size(); }

  /// Makes the error of a connection that is gone.
  [[nodiscard]] std::exception_ptr lost_error(const char* operation) const;

  /// Leaves pipeline mode for a COPY, and stops to watch the socket: who copies waits for it.
  /// Requires: nothing is in flight.
  void begin_copy();
  /// Returns to pipeline mode once the COPY has ended, and its last answer has been read. A
  /// connection that is given back before is closed.
  void end_copy();
  /// Closes the connection for an error: what waits for an answer gets it.
  void lose(std::string problem) noexcept;

 private:
  enum class Step : std::uint8_t { kPrepare, kExecute, kDrop, kSync };
  /// After its own limit, the server has this long to say that it has stopped a statement.
  static constexpr Duration kGrace = std::chrono::seconds(1);

  class Watch final : public FdWatch {
   public:
    explicit Watch(Connection& connection) : connection_(connection) {}

   private:
    void on_ready(FdEvents ready) override { connection_.on_ready(ready); }
    Connection& connection_;
  };
  class Watchdog final : public Timer {
   public:
    explicit Watchdog(Connection& connection) : connection_(connection) {}

   private:
    void on_timer() override { connection_.check_deadlines(); }
    Connection& connection_;
  };
  class Flusher final : public Runnable {
   public:
    explicit Flusher(Connection& connection) : connection_(connection) {}
    void run() override { connection_.flush(); }

   private:
    Connection& connection_;
  };

  static Task<void> clean_up(Connection& self);
  static Task<void> settle(Connection& self);

  bool send_request(const Request& request);
  bool send_prepare(const Statement& statement);
  bool send_sync();
  void flush();
  void watch_for(FdEvents events);
  void on_ready(FdEvents ready);
  void read_answers();
  void take_step(void* result);
  void take_failure(const void* result, const Request* request);
  static void note_transaction(Exchange& head, std::string_view command);
  void end_head();
  void note_times();
  void deliver_notifications();
  void check_deadlines();
  void arm(TimePoint when);
  [[nodiscard]] std::string problem() const;

  pg_conn* handle_;
  std::shared_ptr<const Settings> settings_;
  std::deque<std::shared_ptr<Exchange>> flights_;
  std::deque<Step> steps_;
  TimePoint head_since_{};
  std::vector<StatementPointer> ended_;  ///< of the exchanges that have ended in this turn
  bool retiring_ = false;  ///< the server does not want it any more, or is not the one wanted
  std::string last_problem_;
  PreparedStatements prepared_;
  Runnable* when_answered_ = nullptr;
  NoticeHandler on_notice_;
  NotificationHandler on_notification_;
  bool copying_ = false;
  bool cancelling_ = false;  ///< a cancel may still reach the server
  TimePoint armed_until_{};
  Watch watch_{*this};
  Watchdog watchdog_{*this};
  Flusher flusher_{*this};
};

/// Returns a message of libpq's on one line.
[[nodiscard]] std::string to_one_line(std::string_view message);

/// Makes a connection. Throws ConnectError with libpq's message, which has no password in it.
/// Names are looked up in a thread; `connect_timeout` bounds it all, for each host.
[[nodiscard]] Task<std::unique_ptr<Connection>> connect(std::shared_ptr<const Settings> settings);

/// Asks the server to cancel what the connection runs. Ends when the server has taken the request,
/// so that it cannot hit what is sent later. In a thread with libpq before 17, which blocks there.
[[nodiscard]] Task<void> cancel_running(pg_conn* handle);

}  // namespace aiopyr::postgres

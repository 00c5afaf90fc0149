#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/redis/connection/operation.h>
#include <aiopyr/clients/redis/connection/settings.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/clients/redis/protocol/reply_reader.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/client_errors.h>

namespace aiopyr::redis::detail {

/// One connection to a server, over its breaks. Commands of all callers of a turn leave in one
/// write; answers go to their operations in the order in which they were asked. An operation that
/// nobody waits for any more keeps its place, and its answer is dropped.
///
/// Connects at the first operation. After a failure it tries again by itself, at the times of
/// Backoff, and fails operations at once until it has succeeded. An answer that does not come in
/// time closes the connection, since it could still come and be taken for another's.
///
/// Loop thread only. Held by shared_ptr. close() has to be called in the end.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  /// Receives the messages of channels. Must not destroy the connection.
  using MessageHandler = std::function<void(Value)>;
  /// Called when a connection has been made or lost: with `is_open` as it is then.
  using StateHandler = std::function<void(bool is_open)>;

  Connection(Loop& loop, std::shared_ptr<const ConnectionSettings> settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Makes it a connection for channels: their messages go to `on_message`. Call it before the
  /// first operation.
  void receive_messages(MessageHandler on_message, StateHandler on_state);

  /// Sends commands, whose answers are the operation's; or fails it, at once or later. Commands of
  /// one call stay together.
  void send(std::shared_ptr<Operation> operation, std::span<const Command> commands);

  /// Begins to connect, if it is neither connected nor known to be away.
  void start_connecting();

  /// Begins to connect again, after a loss: at once the first time, later and later where the
  /// server closes each connection soon.
  void connect_again();

  /// Fails further operations; those that were sent are answered.
  void refuse_more() noexcept { is_refusing_ = true; }
  /// Closes it for good. What is not answered yet fails with `problem`.
  void close(const std::string& problem);

  [[nodiscard]] bool is_ready() const noexcept { return state_ == State::kReady; }
  /// Returns whether the last attempt to connect has failed.
  [[nodiscard]] bool is_away() const noexcept { return state_ == State::kAway; }
  [[nodiscard]] bool is_closed() const noexcept { return state_ == State::kClosed; }
  /// Returns how many operations are not answered yet, abandoned ones included.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size() + waiting_.size(); }
  /// Returns a number that tells its sessions apart: one lasts from a connect until the loss. Never
  /// zero once it is ready.
  [[nodiscard]] std::uint64_t session() const noexcept { return session_; }
  /// Returns the context of an error about `operation`.
  [[nodiscard]] ClientError::Context context(std::string_view operation) const;

 private:
  friend class Handshake;

  enum class State : std::uint8_t {
    kIdle,        ///< neither connected nor trying
    kConnecting,  ///< operations wait
    kReady,
    kAway,  ///< the last attempt has failed: operations fail
    kClosed
  };

  /// Why operations end without their answers.
  enum class Loss : std::uint8_t { kNoConnection, kConnection, kTimeout, kProtocol };

  /// An operation and its place in the output.
  struct Pending {
    std::shared_ptr<Operation> operation;
    std::uint32_t missing;  // answers
    std::uint64_t begin;    // the position of its first byte in all that was sent
    TimePoint deadline;
  };

  /// Watches the socket.
  class Watch final : public FdWatch {
   public:
    explicit Watch(Connection& owner) noexcept : owner_(owner) {}

   private:
    void on_ready(FdEvents ready) override;
    Connection& owner_;
  };

  /// Calls a member of the connection when its time has come.
  class Alarm final : public Timer {
   public:
    Alarm(Connection& owner, void (Connection::*f)()) noexcept : owner_(owner), f_(f) {}

   private:
    void on_timer() override;
    Connection& owner_;
    void (Connection::*f_)();
  };

  /// Calls a member of the connection later in the turn, or in the next one.
  class Later final : public Runnable {
   public:
    Later(Connection& owner, void (Connection::*f)()) noexcept : owner_(owner), f_(f) {}
    void run() override;

   private:
    Connection& owner_;
    void (Connection::*f_)();
  };

  // connection.cc: what callers see.
  void put(std::shared_ptr<Operation> operation, std::span<const Command> commands);
  [[nodiscard]] std::exception_ptr refusal(const Operation& operation) const;
  [[nodiscard]] TimePoint deadline_of(const Operation& operation) const noexcept;

  // connection_state.cc: connecting, and the ends.
  static Task<> connect(std::shared_ptr<Connection> self);
  static Task<> establish(std::shared_ptr<Connection> self);
  void open(std::unique_ptr<Transport> transport);
  void become_ready();
  void fail_connecting(const std::string& problem);
  void try_again();
  void lose(const std::string& problem, Loss loss = Loss::kConnection);
  void retire();
  void drop_transport() noexcept;
  [[nodiscard]] std::exception_ptr error_of(const Operation& operation, const std::string& problem,
                                            Loss loss, bool was_written) const;
  void fail_pending(const std::string& problem, Loss loss);
  void fail_all(const std::string& problem, Loss loss);

  // connection_io.cc: input and output.
  void flush_soon();
  void flush();
  void on_ready(FdEvents ready);
  void read();
  void read_on();
  [[nodiscard]] bool take_replies(std::string_view input);
  void take_reply(Value reply);
  void watch_for_output();
  void on_answer_due();
  void on_health_due();
  void arm_answer_timer();

  Loop& loop_;
  std::shared_ptr<const ConnectionSettings> settings_;
  State state_ = State::kIdle;
  clients::Backoff backoff_;
  clients::Backoff losses_;  // of connections that did not last
  TimePoint ready_at_{};
  std::string last_problem_;
  MessageHandler on_message_;
  StateHandler on_state_;
  TaskHandle<> connecting_;

  std::unique_ptr<Transport> transport_;
  ReplyReader reader_;
  std::deque<Pending> pending_;  // sent, in the order of their answers
  std::string output_;
  std::size_t output_done_ = 0;  // bytes of output_ that were written
  std::uint64_t appended_ = 0;   // bytes that were ever put into output_
  std::uint64_t session_ = 0;
  std::deque<Pending> waiting_;  // for the connection to be ready
  std::string waiting_output_;
  bool is_retiring_ = false;  // takes no operations any more, is closed behind its last answer
  bool is_refusing_ = false;
  bool has_received_ = false;  // since the last health check

  Watch watch_{*this};
  Later flush_{*this, &Connection::flush};
  Later read_again_{*this, &Connection::read_on};
  Alarm answer_timer_{*this, &Connection::on_answer_due};
  Alarm health_timer_{*this, &Connection::on_health_due};
  Alarm retry_timer_{*this, &Connection::try_again};
};

}  // namespace aiopyr::redis::detail

#include <cassert>
#include <utility>

#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/close_code.h>

namespace aiopyr::websocket {

/// Brackets each call by the loop. Messages that views send within it leave in one write: at its
/// end or, if input made the call, at the end of the batch of all connections that the turn's input
/// has reached. The connection may end with it, but not before: nothing within it cancels it at
/// once.
class Connection::Entry {
 public:
  enum class Output : std::uint8_t { kLeaves, kMayWait };

  explicit Entry(Connection& connection, Output output = Output::kLeaves) noexcept
      : connection_(connection),
        before_(connection.shared().set_current(&connection)),
        output_(output) {
    ++connection_.depth_;
  }

  ~Entry() {
    connection_.shared().set_current(before_);
    if (--connection_.depth_ > 0) return;
    const bool waits = output_ == Output::kMayWait && connection_.output_may_wait();
    if (!waits) {
      connection_.flush();
      connection_.shared().spares().give(connection_.output_.give_back());
    }
    connection_.settle();
    if (waits) connection_.write_in_batch();
  }

  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  /// Calls `f`. If memory runs out in the middle of it, the connection cannot continue: it is
  /// dropped, and the exception reaches the loop.
  template <class F>
  void run(F f) const {
    try {
      f();
    } catch (...) {
      connection_.drop();
      throw;
    }
  }

 private:
  Connection& connection_;
  const Websocket* before_;
  Output output_;
};

std::shared_ptr<Connection> Connection::open(Setup setup) {
  Loop& loop = Loop::require("a websocket");
  auto connection = std::make_shared<Connection>(loop, std::move(setup));
  connection->enlist(loop, connection);
  return connection;
}

Connection::Connection(Loop& loop, Setup setup)
    : Websocket(static_cast<Stream&>(*this), std::move(setup.info), std::move(setup.endpoint)),
      handler_(std::move(setup.handler)),
      transport_(std::move(setup.transport)),
      compression_(std::move(setup.compression)),
      receiver_({.max_message_size = endpoint().max_message_size,
                 .inflater = compression_ ? &compression_->inflater() : nullptr}),
      unread_(std::move(setup.leftover)),
      heard_(loop.now()),
      moved_(heard_),
      use_bytes_(setup.use_bytes) {
  shared().add(hook_);
  session_.set_opened();
}

Connection::~Connection() = default;

void Connection::begin() {
  const Entry entry(*this);
  start_view();
  read_unread();
  await_silence();
}

void Connection::start_view() {
  try {
    view_ = handler_->run(*this);
    if (view_.start(&on_view_done, this)) on_view_done(this);
  } catch (...) {
    report(std::current_exception());
    end_view(kInternalError);
  }
}

void Connection::on_view_done(void* self) {
  auto& connection = *static_cast<Connection*>(self);
  const Entry entry(connection);
  connection.end_view(connection.take_view_result());
}

/// Returns the code to close with.
std::uint16_t Connection::take_view_result() noexcept {
  try {
    view_.take_result();
    return kNormalClosure;
  } catch (...) {
    if (session_.is_end_of(std::current_exception())) return kNormalClosure;
    report(std::current_exception());
    return kInternalError;
  }
}

void Connection::report(std::exception_ptr error) noexcept {
  loop().handle_exception(std::move(error), "websocket view " + endpoint().name);
}

void Connection::end_view(std::uint16_t code) {
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  fail_when_idle();
  session_.close(code, {});
}

void Connection::drop_task() noexcept {
  assert(depth_ == 0);
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  drop();
}

void Connection::give_up() {
  const Entry entry(*this);
  drop();
}

void Connection::on_ready(FdEvents ready) {
  // Output that has already waited for room does not wait for other connections too.
  const Entry entry(*this, is_write_blocked() ? Entry::Output::kLeaves : Entry::Output::kMayWait);
  if (is_write_blocked() && has(ready, write_waits_)) write_waits_ = FdEvents::kNone;
  if (!wants_input() || !has(ready, read_waits_)) return;
  entry.run([this] { read(); });
}

void Connection::on_deadline() {
  const Entry entry(*this);
  if (failure_ != ProtocolError::kNone) {
    fail(close_code_for(failure_), message_for(failure_));
  } else if (is_watched()) {
    keep_alive();
  } else {
    drop();
  }
}

void Connection::on_soon() {
  const Entry entry(*this);
  entry.run([this] {
    read_unread();
    fail_when_idle();
    auto& inbox = session_.inbox();
    if (!transport_ && unread_.empty() && !inbox.has_ended()) inbox.end();
  });
}

void Connection::schedule() noexcept {
  if (!soon().is_linked()) loop().call_soon(soon());
}

/// Updates what may have changed in a call by the loop: whether all has ended, and what to wait
/// for.
void Connection::settle() {
  if (is_done()) return;
  if (view_done_ && !transport_) {
    finish(false);
    return;
  }
  update_watch();
}

}  // namespace aiopyr::websocket

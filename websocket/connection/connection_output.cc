#include <algorithm>
#include <array>

#include <aiopyr/runtime/base/append_bytes.h>
#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket {
namespace {

// The size from which a system call costs less than a copy.
constexpr std::size_t kWriteThroughSize = std::size_t{16} * 1024;

// The most bytes that wait for the batch; more leave at once, while the caches have them.
constexpr std::size_t kLongestInBatch = std::size_t{20} * 1024;

iovec make_iovec(std::string_view bytes) noexcept {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

/// Returns the string to append output to.
std::string& Connection::tail() {
  if (!output_.has_memory()) output_.lend(shared().spares().take());
  return output_.tail();
}

void Connection::put_message(Opcode type, std::string_view message) {
  shared().counters().count_sent(message.size());
  if (!compression_ && message.size() < kWriteThroughSize) {
    append_message(tail(), type, message);
  } else {
    put_frame(type, true,
              compression_ ? compression_->encode(message) : Compression::Encoded{message});
  }
  after_put();
}

void Connection::put_piece(Opcode opcode, std::string_view piece, bool fin) {
  const bool is_first = opcode != Opcode::kContinuation;
  auto& counters = shared().counters();
  counters.bytes_sent.add(piece.size());
  if (fin) counters.messages_sent.add();
  put_frame(opcode, fin,
            compression_ ? compression_->encode_piece(piece, is_first, fin)
                         : Compression::Encoded{piece});
  after_put();
}

void Connection::put_frame(Opcode opcode, bool fin, const Compression::Encoded& encoded) {
  FrameHeader header;
  header.opcode = opcode;
  header.fin = fin;
  header.rsv = encoded.rsv;
  if (encoded.payload.size() < kWriteThroughSize) {
    append_frame(tail(), header, encoded.payload);
    return;
  }
  header.length = encoded.payload.size();
  tail().append(encode_header(header).view());
  write_through(encoded.payload);
}

void Connection::put_prepared(const PreparedMessage& message, Follows follows) {
  shared().counters().count_sent(message.payload().size());
  const auto frame = message.frame_for(compression_.get());
  const bool is_alone = follows == Follows::kNothing;
  if (frame.size() < kWriteThroughSize && !(is_alone && may_write_at_once())) {
    append_bytes(tail(), frame);
  } else {
    write_through(frame);
  }
  if (is_alone) after_put();
}

/// Returns whether to write a short published message at once, without a copy. Kept for the loop's
/// next turn, the messages of thousands of connections would take memory, and each connection would
/// be loaded into the caches twice. The second message of a turn waits, so that the third leaves
/// with it.
bool Connection::may_write_at_once() const noexcept {
  return depth_ == 0 && !soon().is_linked() && output_.empty() && moved_ < loop().now();
}

void Connection::after_put() {
  moved_ = loop().now();
  if (is_full()) flush();
  if (depth_ == 0 && output_.has_memory()) schedule();
}

bool Connection::is_full() const noexcept {
  return transport_ && output_.size() > endpoint().high_water;
}

void Connection::put_close(std::uint16_t code, std::string_view reason) {
  static_cast<void>(append_close(tail(), code, reason));
  deadline().start_after(loop(), endpoint().close_timeout);
  schedule();
}

/// Writes the pending bytes and then `payload` without a copy; only what does not leave is copied.
void Connection::write_through(std::string_view payload) {
  while (transport_ && !is_write_blocked() && !payload.empty()) {
    const auto pending = output_.size();
    const std::array buffers{make_iovec(output_.pending()), make_iovec(payload)};
    const auto result = transport_->write(std::span(buffers).subspan(pending == 0 ? 1 : 0));
    after_write(result);
    if (result.bytes > pending) payload.remove_prefix(result.bytes - pending);
  }
  if (transport_ && !payload.empty()) append_bytes(tail(), payload);
}

void Connection::after_write(const Transport::Result& result) {
  using Status = Transport::Status;
  switch (result.status) {
    case Status::kOk:
      output_.consume(std::min(result.bytes, output_.size()));
      write_waits_ = result.bytes == 0 ? FdEvents::kWrite : FdEvents::kNone;
      break;
    case Status::kWantRead:
    case Status::kWantWrite:
      write_waits_ = result.status == Status::kWantRead ? FdEvents::kRead : FdEvents::kWrite;
      break;
    case Status::kEndOfFile:
    case Status::kError:
      drop();
      break;
  }
}

void Connection::flush() {
  write_pending();
  if (session_.outbox().has_waiting()) {
    const auto low_water = endpoint().low_water();
    while (output_.size() <= low_water && session_.release()) write_pending();
    if (output_.size() <= low_water) session_.outbox().wake_senders();
  }
  if (session_.stage() == Stage::kDraining && transport_ && output_.empty()) {
    session_.set_finished();
    transport_->shutdown_write();
  }
  if (at_end_ && output_.empty()) drop();
}

void Connection::put_ping(std::string_view payload) {
  static_cast<void>(append_ping(tail(), payload));
  if (depth_ == 0) schedule();
}

bool Connection::output_may_wait() const noexcept {
  return transport_ && !is_write_blocked() && !output_.empty() && output_.size() <= kLongestInBatch;
}

/// Adds this connection to the batch. May end the connection.
void Connection::write_in_batch() { shared().output_batch().add(loop(), soon()); }

/// Ends the connection with a close frame of our own, whatever the view is doing.
void Connection::fail(std::uint16_t code, std::string_view reason) {
  failure_ = ProtocolError::kNone;
  if (session_.say_close(code, reason)) {
    static_cast<void>(append_close(tail(), code, reason));
  }
  begin_drain();
}

void Connection::write_pending() {
  while (transport_ && !is_write_blocked() && !output_.empty()) {
    const auto buffer = make_iovec(output_.pending());
    after_write(transport_->write({&buffer, 1}));
  }
}

/// Called when the closing handshake is over: sends the rest, and waits for the peer's end.
void Connection::begin_drain() {
  if (transport_) deadline().start_after(loop(), endpoint().close_timeout);
  session_.set_closed();
  session_.inbox().end();
}

/// Closes the stream at once. Resumes no coroutine, so it may be called while a view is sending.
void Connection::drop() {
  if (!transport_) return;
  watch().stop();
  deadline().stop();
  transport_.reset();
  output_.release();
  session_.set_lost();
  schedule();
}

void Connection::update_watch() {
  if (!transport_) return;
  auto wanted = FdEvents::kNone;
  if (wants_input()) wanted = read_waits_;
  if (is_write_blocked() && !output_.empty()) wanted = wanted | write_waits_;
  if (wanted == FdEvents::kNone) {
    watch().stop();
  } else if (!watch().is_active() || watch().events() != wanted) {
    watch().start(loop(), transport_->fd(), wanted);
  }
}

}  // namespace aiopyr::websocket

#include <algorithm>
#include <array>
#include <cstring>
#include <sys/uio.h>
#include <utility>

#include <aiopyr/clients/redis/connection/connection.h>

namespace aiopyr::redis::detail {

namespace {

constexpr std::size_t kReadSize = std::size_t{16} * 1024;
/// The reads of one event: more would keep the loop from its other descriptors.
constexpr int kMostReads = 8;
/// An output buffer that has grown beyond this is freed when it is empty.
constexpr std::size_t kKeptOutput = std::size_t{64} * 1024;

std::string io_problem(int error) {
  return error == 0 ? "the stream is broken (TLS)" : std::strerror(error);
}

/// Returns whether a push, or on a RESP2 connection an array, is a message of a channel. All other
/// pushes there, such as `subscribe`, are answers of commands.
bool is_message(const Value& reply) {
  if (!reply.has_items() || reply.items().empty() || !reply.items().front().is_text()) return false;
  const std::string& kind = reply.items().front().text();
  return kind == "message" || kind == "pmessage" || kind == "smessage";
}

}  // namespace

void Connection::flush_soon() {
  if (!flush_.is_linked() && !has(watch_.events(), FdEvents::kWrite)) loop_.call_soon(flush_);
}

/// Writes as much as the socket takes.
void Connection::flush() {
  while (transport_ && output_done_ < output_.size()) {
    const iovec rest{output_.data() + output_done_, output_.size() - output_done_};
    const auto result = transport_->write({&rest, 1});
    if (result.status == Transport::Status::kOk) {
      output_done_ += result.bytes;
    } else if (result.status == Transport::Status::kError) {
      // The server may have said why it closes, which is still to be read.
      const auto self = shared_from_this();
      read();
      if (transport_) lose("cannot write: " + io_problem(result.error));
      return;
    } else {
      break;
    }
  }
  if (output_done_ == output_.size()) {
    output_.clear();
    output_done_ = 0;
    if (output_.capacity() > kKeptOutput) output_.shrink_to_fit();
  }
  if (transport_) watch_for_output();
}

void Connection::watch_for_output() {
  const FdEvents wanted = output_.empty() ? FdEvents::kRead : FdEvents::kReadWrite;
  if (!watch_.is_active() || watch_.events() != wanted) {
    watch_.start(loop_, transport_->fd(), wanted);
  }
}

void Connection::on_ready(FdEvents ready) {
  const auto self = shared_from_this();
  read();
  // TLS may have waited for input to write.
  if (transport_ && (has(ready, FdEvents::kWrite) || output_done_ > 0)) flush();
}

/// Reads what TLS has taken off the socket, for which there is no event.
void Connection::read_on() { on_ready(FdEvents::kRead); }

void Connection::read() {
  std::array<std::byte, kReadSize> buffer;
  for (int reads = 0; transport_ && reads < kMostReads; ++reads) {
    const auto result = transport_->read(buffer);
    switch (result.status) {
      case Transport::Status::kOk:
        break;
      case Transport::Status::kWantRead:
      case Transport::Status::kWantWrite:
        return;
      case Transport::Status::kEndOfFile:
        return lose("the server has closed the connection");
      case Transport::Status::kError:
        return lose("cannot read: " + io_problem(result.error));
    }
    has_received_ = true;
    const std::string_view input(reinterpret_cast<const char*>(buffer.data()), result.bytes);
    if (!take_replies(input)) return;
    if (result.bytes < buffer.size() && !transport_->has_buffered_input()) return;
  }
  if (transport_ && transport_->has_buffered_input()) loop_.call_soon(read_again_);
}

/// Hands out the replies that are complete. Returns whether the connection is still there.
bool Connection::take_replies(std::string_view input) {
  for (;;) {
    switch (reader_.next(input)) {
      case ReplyReader::Status::kNeedsMore:
        return true;
      case ReplyReader::Status::kFault:
        lose(std::string(describe(reader_.fault())), Loss::kProtocol);
        return false;
      case ReplyReader::Status::kReply:
        take_reply(reader_.take());
        if (!transport_) return false;
        break;
    }
  }
}

void Connection::take_reply(Value reply) {
  const bool is_push = reply.kind() == Value::Kind::kPush;
  if (on_message_) {
    if (is_message(reply)) return on_message_(std::move(reply));
  } else if (is_push) {
    return;  // nobody has asked for it
  }
  if (pending_.empty()) {
    // A server that is full says so unasked, and closes.
    const bool says_why = reply.is_error();
    return lose(says_why ? reply.text() : "the server has answered what nobody asked",
                says_why ? Loss::kConnection : Loss::kProtocol);
  }
  if (settings_->requires_master && reply.is_error() && error_code(reply.text()) == "READONLY") {
    is_retiring_ = true;  // it is no master any more
  }
  Pending& front = pending_.front();
  front.operation->on_reply(std::move(reply));
  if (--front.missing > 0) return;
  pending_.pop_front();
  if (is_retiring_ && pending_.empty()) retire();
}

/// Waits for the deadline of the operation whose answer is next. Later ones have later deadlines or
/// wait for it anyway, so there is one timer, which is not touched by each command.
void Connection::arm_answer_timer() {
  if (pending_.empty() || answer_timer_.is_active()) return;
  const TimePoint deadline = pending_.front().deadline;
  if (deadline != TimePoint::max()) answer_timer_.start(loop_, deadline);
}

void Connection::on_answer_due() {
  if (pending_.empty()) return;
  if (pending_.front().deadline > loop_.now()) return arm_answer_timer();
  const auto self = shared_from_this();
  lose("the server has not answered in time", Loss::kTimeout);
}

/// Asks an idle server whether it is there: a firewall forgets connections without telling.
void Connection::on_health_due() {
  health_timer_.start_after(loop_, settings_->health_interval);
  if (!std::exchange(has_received_, false) && pending_.empty() && !is_retiring_) {
    const Command ping("PING");
    put(std::make_shared<SingleOperation>("PING"), {&ping, 1});
  }
}

}  // namespace aiopyr::redis::detail

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include <aiopyr/plugin/direct_write.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/taken_connection.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/written_response.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// So much of a file is read and sent with its head, which saves some 4 us of sendfile's.
constexpr std::size_t kSmallFile = std::size_t{16} << 10U;

/// A response that is longer may still be on its way for a while when it was sent.
constexpr std::size_t kSoonRead = std::size_t{8} << 10U;

iovec part_of(std::string_view text) noexcept { return {chars(text), text.size()}; }

/// Small ones are joined: the kernel takes longer over two parts than we over a copy.
ssize_t send_parts(int fd, std::string_view head, std::string_view body, int flags) noexcept {
  static std::array<char, 2048> joined;  // for the loop's thread
  if (body.empty()) return ::send(fd, head.data(), head.size(), flags);
  if (head.size() + body.size() <= joined.size()) {
    char* const end = std::copy(head.begin(), head.end(), joined.data());
    std::copy(body.begin(), body.end(), end);
    return ::send(fd, joined.data(), head.size() + body.size(), flags);
  }
  std::array parts{part_of(head), part_of(body)};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(fd, &message, flags);
}

/// Sends the rest from this fiber, which waits for the client at its pace.
OutgoingBody::Progress send_on_fiber(OutgoingBody& body) {
  const Loop& loop = Fiber::current()->loop();
  Pace pace;
  pace.begin(options().write_timeout, loop.now(), body.delivered());
  for (;;) {
    const Duration left = pace.end(loop.now(), body.delivered()) - loop.now();
    if (left <= Duration::zero()) return OutgoingBody::Progress::kFailed;
    const auto waited = wait_for_fd_on_fiber(body.fd(), body.wanted(), left);
    if (waited == FdWaitResult::kCancelled) return OutgoingBody::Progress::kFailed;
    if (waited == FdWaitResult::kTimeout) continue;
    const auto progress = body.send_some();
    if (progress != OutgoingBody::Progress::kSome) return progress;
  }
}

/// For the logs and the counters, as uWSGI's own functions note it.
void note_sent(wsgi_request& request, std::size_t head, std::size_t body) noexcept {
  request.headers_sent = 1;
  request.headers_size += head;
  request.response_size += body;
}

}  // namespace

void require_written(bool written) {
  if (written) return;
  if (Fiber::current()->is_cancelled()) throw CancelledError();
  throw ClientDisconnected("the client went away before it had its response");
}

bool DirectWrite::is_possible(const wsgi_request& request) noexcept {
  return can_be_taken(*request.socket) && request.transformations == nullptr &&
         request.ignore_body == 0 && uwsgi.offload_threads == 0;
}

void DirectWrite::send(std::string_view head, std::string body) {
  if (may_be_batched(head.size(), body.size()) && send_in_batch(body)) return;
  const std::size_t own_head = head.size();
  head = behind_answers_before(head);
  const std::size_t sent = request_.ssl == nullptr ? send_now(head, body, last_flags()) : 0;
  note_sent(request_, own_head, body.size());
  if (sent == head.size() + body.size()) return end(sent);
  if (sent >= head.size()) {
    send_rest(OutgoingBody(take(), std::move(body), sent - head.size()));
  } else {
    // With TLS, head and body share a record.
    send_rest(OutgoingBody(take(), std::string(head).append(body), sent));
  }
}

/// Whether the response may leave with those of other connections. One that is the last of its
/// connection gains nothing by it: the kernel has much to do for the end of a connection, and does
/// it faster when nothing else has come between.
bool DirectWrite::may_be_batched(std::size_t head, std::size_t body) const noexcept {
  return keep_ && request_.ssl == nullptr && head > 0 && head + body <= WrittenResponse::kMost &&
         ResponseTails::current()->has_room(WrittenResponse::kMost) &&
         current_request_fiber().has_room_for_answer(head + body);
}

/// Returns false, with nothing done, where there is no memory for it.
bool DirectWrite::send_in_batch(std::string_view body) {
  const std::size_t head = request_.headers->pos;
  if (uwsgi_buffer_append(request_.headers, chars(body), body.size()) != 0) return false;
  note_sent(request_, head, body.size());
  RequestFiber& fiber = current_request_fiber();
  fiber.set_aside(fiber.next_request());
  fiber.answer_in_batch(take_head(request_));
  return true;
}

/// The head behind what is still held of the answers to requests before.
std::string_view DirectWrite::behind_answers_before(std::string_view head) {
  long_head_ = current_request_fiber().take_answers_before(head);
  return long_head_.empty() ? head : long_head_;
}

void DirectWrite::send(std::string_view head, std::shared_ptr<const FileBody> file,
                       std::uint64_t offset, std::size_t length) {
  const bool plain = request_.ssl == nullptr;
  const auto small =
      plain && length <= kSmallFile ? file->read_if_there(offset, length) : std::nullopt;
  const std::size_t own_head = head.size();
  head = behind_answers_before(head);
  std::size_t sent = 0;
  if (small) {
    sent = send_now(head, *small, last_flags());
  } else if (plain && !head.empty()) {
    // MSG_MORE: the head leaves with the beginning of the file.
    sent = send_now(head, {}, MSG_MORE);
  }
  note_sent(request_, own_head, length);
  if (small && sent == head.size() + length) return end(sent);
  // The file is kept for the rest, not what was read of it: that costs no memory.
  const std::size_t of_file = sent - std::min(sent, head.size());
  OutgoingBody body(take(), std::move(file), offset + of_file, length - of_file, plain);
  if (sent < head.size()) body.put_before(std::string(head.substr(sent)));
  send_rest(std::move(body));
}

/// What is the last leaves with the connection's end, in one segment: a second one would cost as
/// much as all else that the kernel does for the response.
int DirectWrite::last_flags() const noexcept { return keep_ ? 0 : MSG_MORE; }

/// So many bytes, which were all, have left.
void DirectWrite::end(std::size_t sent) {
  if (!keep_ && sent > kSoonRead) close_after_request(take());
}

/// How much of it the socket has taken.
std::size_t DirectWrite::send_now(std::string_view head, std::string_view body, int flags) {
  if (head.empty() && body.empty()) return 0;
  const int fd = request_.fd;
  for (;;) {
    const ssize_t count = send_parts(fd, head, body, MSG_NOSIGNAL | flags);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno == EINTR) continue;
    request_.write_errors++;
    require_written(false);
  }
}

/// The connection, to go on with it after this request has ended.
std::unique_ptr<Transport> DirectWrite::take() {
  if (!keep_) return take_connection(request_);
  next_ = current_request_fiber().next_request();
  return next_->lend();
}

void DirectWrite::send_rest(OutgoingBody body) {
  auto progress = body.send_some();
  if (progress == OutgoingBody::Progress::kSome) {
    if (auto room = ResponseTails::current()->take_room(body.memory())) {
      body.keep(std::move(room));
    } else {
      progress = send_on_fiber(body);
    }
  }
  require_written(progress != OutgoingBody::Progress::kFailed);
  if (progress == OutgoingBody::Progress::kSome) {
    leave(std::move(body));
  } else if (next_) {
    next_->take_back(body.release());
    current_request_fiber().set_aside(std::move(*next_));
  } else {
    close_after_request(body.release());
  }
}

void DirectWrite::leave(OutgoingBody body) {
  Upgrade upgrade;
  upgrade.take_over = [body = std::make_shared<OutgoingBody>(std::move(body)),
                       next = std::make_shared<std::optional<UnfinishedRequest>>(std::move(next_))](
                          std::unique_ptr<Transport>, const std::string&) {
    ResponseTails::current()->add(std::move(*body), std::move(*next));
  };
  current_request_fiber().set_upgrade(std::move(upgrade));
}

}  // namespace aiopyr::plugin

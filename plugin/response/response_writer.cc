#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/connection/held_bytes.h>
#include <aiopyr/plugin/connection/slow_cores.h>
#include <aiopyr/plugin/io/pace.h>
#include <aiopyr/plugin/io/temporary_file.h>
#include <aiopyr/plugin/response/response_writer.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// The largest file that is read, and sent with its head, which saves some 4 us of sendfile's.
constexpr std::size_t kSmallFile = std::size_t{16} << 10U;

/// The size above which a sent response may take a while to reach the client.
constexpr std::size_t kSoonRead = std::size_t{8} << 10U;

/// The most bytes that are written to a temporary file in a turn, which takes less time than the
/// view has just taken to make them.
constexpr std::size_t kPartOfAFile = std::size_t{16} << 20U;

iovec part_of(std::string_view text) noexcept {
  return {const_cast<char*>(text.data()), text.size()};
}

/// Sends both. Joins small ones: the kernel takes longer for two parts than a copy takes.
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
OutgoingBody::Progress send_on_fiber(OutgoingBody& body, const LeastPace& least) {
  const Loop& loop = Fiber::current()->loop();
  Pace pace;
  pace.begin(least, loop.now(), body.delivered());
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

/// Writes a text to a file, with turns for others between its parts. Returns false where the fiber
/// was cancelled. Throws Error.
bool write_in_turns(TemporaryFile& file, std::string_view text) {
  for (;;) {
    file.append(text.substr(0, kPartOfAFile));
    if (text.size() <= kPartOfAFile) return true;
    text.remove_prefix(kPartOfAFile);
    if (!sleep_on_fiber(Duration::zero())) return false;
  }
}

}  // namespace

void throw_not_written() {
  if (Fiber::current()->is_cancelled()) throw CancelledError();
  throw ClientDisconnected("the client went away before it had its response");
}

ResponseWriter::ResponseWriter(ClientConnection& connection, ClientConnections& all,
                               RequestCore& core, bool keep) noexcept
    : connection_(connection), all_(all), core_(core), keep_(keep) {}

void ResponseWriter::send(std::string_view head, std::string body) {
  if (may_be_batched(head.size(), body.size()) && send_in_batch(head, body)) return;
  const std::size_t own_head = head.size();
  head = behind_answers_before(head);
  const std::size_t sent = is_tls() ? 0 : send_now(head, body, last_flags());
  core_.note_sent(own_head, body.size());
  if (sent == head.size() + body.size()) return end(sent);
  if (sent >= head.size()) {
    send_rest(OutgoingBody(take_stream(), std::move(body), sent - head.size()));
  } else {
    // Joins head and body into one TLS record.
    send_rest(OutgoingBody(take_stream(), std::string(head).append(body), sent));
  }
}

/// Returns whether the response may leave with those of other connections. The last one of its
/// connection gains nothing by it: the kernel has much work at the end of a connection, and is
/// faster if nothing else comes in between.
bool ResponseWriter::may_be_batched(std::size_t head, std::size_t body) const noexcept {
  return keep_ && !is_tls() && head > 0 && head + body <= HeldBytes::kMost &&
         all_.tails().memory().has_room(HeldBytes::kMost) &&
         connection_.answers().has_room_for(head + body);
}

/// Returns false, without any change, if there is no memory for it.
bool ResponseWriter::send_in_batch(std::string_view head, std::string_view body) {
  if (!connection_.answers().add(head, body)) return false;
  core_.note_sent(head.size(), body.size());
  static_cast<void>(take_stream());
  core_.end_with(ending::Kept{});
  return true;
}

/// Returns the head after the held answers to earlier requests. Throws std::bad_alloc, without any
/// change.
std::string_view ResponseWriter::behind_answers_before(std::string_view head) {
  Answers& answers = connection_.answers();
  if (answers.is_broken()) fail();
  long_head_ = answers.take(head);
  return long_head_.empty() ? head : long_head_;
}

void ResponseWriter::send(std::string_view head, std::shared_ptr<const FileBody> file,
                          std::uint64_t offset, std::size_t length) {
  const bool plain = !is_tls();
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
  core_.note_sent(own_head, length);
  if (small && sent == head.size() + length) return end(sent);
  // Keeps the file for the rest, not the bytes that were read: that costs no memory.
  const std::size_t of_file = sent - std::min(sent, head.size());
  OutgoingBody body(take_stream(), std::move(file), offset + of_file, length - of_file, plain);
  if (sent < head.size()) body.put_before(std::string(head.substr(sent)));
  send_rest(std::move(body));
}

/// Returns the flags of the last send. The last response leaves with the connection's end, in one
/// segment: a second segment would double the kernel's work.
int ResponseWriter::last_flags() const noexcept { return keep_ ? 0 : MSG_MORE; }

/// Called when all `sent` bytes have been written.
void ResponseWriter::end(std::size_t sent) {
  if (keep_ || sent <= kSoonRead) return;
  static_cast<void>(take_stream());
  core_.end_with(ending::InOrder{});
}

/// Sends and returns how many bytes the socket has taken.
std::size_t ResponseWriter::send_now(std::string_view head, std::string_view body, int flags) {
  if (head.empty() && body.empty()) return 0;
  const int fd = connection_.stream().fd();
  for (;;) {
    const ssize_t count = send_parts(fd, head, body, MSG_NOSIGNAL | flags);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno == EINTR) continue;
    fail();
  }
}

/// Takes the stream out of the core, to continue with it after this request has ended.
Transport& ResponseWriter::take_stream() {
  if (keep_) {
    core_.return_for_next_request();
  } else {
    core_.return_stream();
  }
  return connection_.stream().transport();
}

void ResponseWriter::fail() {
  core_.note_failed();
  throw_not_written();
}

void ResponseWriter::send_rest(OutgoingBody body) {
  auto progress = body.send_some();
  if (progress == OutgoingBody::Progress::kSome && !find_room(body)) {
    progress = send_without_room(body);
  }
  if (progress == OutgoingBody::Progress::kFailed) throw_not_written();
  if (progress == OutgoingBody::Progress::kSome) {
    core_.end_with(ending::WithRest{std::move(body), keep_});
  } else if (keep_) {
    core_.end_with(ending::Kept{});
  } else {
    core_.end_with(ending::InOrder{});
  }
}

/// Returns whether the body may wait for its client without the core.
bool ResponseWriter::find_room(OutgoingBody& body) {
  if (auto room = all_.tails().memory().take(body.memory())) {
    body.keep(std::move(room));
    return true;
  }
  return move_to_file(body);
}

/// Moves the rest of a body to a file. Returns false, with the body unchanged, if there is no room
/// for a file, or none can be made.
bool ResponseWriter::move_to_file(OutgoingBody& body) {
  const std::string_view text = body.unsent_text();
  auto room = all_.tails().files().take(text.size());
  if (room == nullptr) return false;
  std::shared_ptr<const FileBody> file;
  try {
    TemporaryFile written(all_.limits().temp_folder);
    if (!write_in_turns(written, text)) throw_not_written();
    file = written.release();
  } catch (const Error&) {
    all_.loop().handle_exception(std::current_exception(),
                                 "a response to a slow client, which is kept in memory");
    return false;
  }
  body.move_to(std::move(file), !is_tls());
  body.keep(std::move(room));
  return true;
}

OutgoingBody::Progress ResponseWriter::send_without_room(OutgoingBody& body) {
  ResponseTails& tails = all_.tails();
  SlowCores::Right right;
  if (right.take(all_.slow_cores())) return send_on_fiber(body, all_.limits().reading_pace());
  all_.loop().handle_exception(
      std::make_exception_ptr(
          Error("it finds no room in aiopyr-write-buffer and aiopyr-temp-bytes, "
                "and slow clients hold aiopyr-slow-cores")),
      "a response to a slow client, for which the slowest ones are cut off");
  if (!tails.make_room(body.memory())) return OutgoingBody::Progress::kFailed;
  body.keep(tails.memory().take(body.memory()));
  return OutgoingBody::Progress::kSome;
}

}  // namespace aiopyr::plugin

#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connection.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// A socket that holds no more will take as much as is ever held, if its buffer is no smaller than
/// usual.
constexpr std::size_t kMostUnsent = std::size_t{16} << 10U;
constexpr std::uint64_t kUsualBuffer = std::uint64_t{64} << 10U;

/// Whether `socket-sndbuf` makes them smaller.
bool has_small_buffers() noexcept { return uwsgi.so_sndbuf > 0 && uwsgi.so_sndbuf < kUsualBuffer; }

}  // namespace

void PendingConnection::answer(uwsgi_buffer* response) {
  answers_.add(response);
  if (!sending_.is_linked()) all_.batch().add(all_.loop(), sending_);
}

bool PendingConnection::has_room_for_answer(std::size_t bytes) noexcept {
  return !is_stuck_ && (answers_.has_room_for(bytes) || send_answers());
}

bool PendingConnection::may_hold_on() noexcept {
  if (answers_.is_there() && !is_read_) {
    is_read_ = !has_small_buffers() && unsent_bytes(fd_) <= kMostUnsent;
  }
  return !answers_.is_there() || is_read_;
}

bool PendingConnection::send_answers() noexcept {
  sending_.unlink();
  is_read_ = false;
  if (!answers_.is_there()) return !is_stuck_;
  const auto outcome = answers_.send(fd_);
  is_stuck_ = outcome != WrittenResponse::Outcome::kAll;
  if (outcome != WrittenResponse::Outcome::kSome) rest_watch_.stop();
  return !is_stuck_;
}

std::string PendingConnection::take_answers(std::string_view more) {
  std::string rest = answers_.take(more);
  is_read_ = false;
  sending_.unlink();
  rest_watch_.stop();
  if (!rest.empty()) is_stuck_ = false;
  return rest;
}

void PendingConnection::on_batch() {
  if (send_answers()) return;
  // Whoever serves the next request comes back with the connection; that may take its time.
  if (!is_served()) return all_.on_stuck(*this);
  if (has_rest()) rest_watch_.start(all_.loop(), fd_, FdEvents::kWrite);
}

void PendingConnection::leave_rest() noexcept {
  if (!has_rest()) return;
  try {
    std::string rest = take_answers();
    UnfinishedRequest next = release();
    ResponseTails& tails = *ResponseTails::current();
    auto room = tails.take_room(rest.size());
    OutgoingBody body(next.lend(), std::move(rest), 0);
    body.keep(std::move(room));
    tails.add(std::move(body), std::move(next));
  } catch (...) {
    log_line("a connection is closed: there is no memory for the rest of its response");
  }
}

void PendingConnection::await_client() {
  state_ = State::kReads;
  has_early_input_ = false;
  if (request_.awaited_body() > 0) set_low_water_mark(request_.awaited_body());
  watch();
  limit(read_deadline());
}

/// From how many bytes on the socket counts as readable.
void PendingConnection::set_low_water_mark(std::size_t bytes) noexcept {
  if (low_water_mark_ == bytes) return;
  low_water_mark_ = bytes;
  const auto mark = static_cast<int>(bytes);
  ::setsockopt(request_.fd(), SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

void PendingConnection::watch() {
  if (!watch_.is_active()) watch_.start(all_.loop(), request_.fd(), FdEvents::kRead);
}

void PendingConnection::await_core() {
  if (!awaits_core()) queued_at_ = all_.loop().now();
  state_ = request_.has_body_to_come() ? State::kAwaitsBodyCore : State::kAwaitsCore;
  // One whose body is whole after all needs no BodyCore.
  const auto rest = awaits_body_core() ? request_.countable_rest() : std::nullopt;
  if (rest) {
    set_low_water_mark(*rest);
    watch();
  } else {
    watch_.stop();
  }
  prolong_queueing();
}

void PendingConnection::prolong_queueing() {
  limit(all_.loop().now() + to_duration(options().queue_timeout));
}

UnfinishedRequest PendingConnection::release() noexcept {
  if (awaits_core()) request_.add_queue_time(all_.loop().now() - queued_at_);
  state_ = State::kReleased;
  set_low_water_mark(1);
  return std::move(request_);
}

/// What a client sends while its request is served stays in the socket. Of one that pipelines, the
/// next request is mostly begun by the next turn: stopping and starting the watch each time would
/// cost a system call.
void PendingConnection::on_ready() {
  if (state_ == State::kReads) {
    all_.on_input(*this);
  } else if (awaits_body_core()) {
    // A client that has left makes its socket readable too.
    if (request_.has_body_to_come()) return watch_.stop();
    all_.on_whole_body(*this);
  } else if (std::exchange(has_early_input_, true)) {
    watch_.stop();
  }
}

/// The timer is moved only where it would be late: most deadlines move on before they are reached.
void PendingConnection::limit(TimePoint deadline) {
  deadline_ = deadline;
  if (timer_.is_active() && fires_at_ <= deadline) return;
  timer_.start(all_.loop(), deadline);
  fires_at_ = deadline;
}

void PendingConnection::on_timer() {
  if (state_ == State::kReleased) return;
  if (state_ == State::kReads) deadline_ = read_deadline();
  if (deadline_ > all_.loop().now()) {
    limit(deadline_);
  } else {
    all_.on_deadline(*this);
  }
}

/// Later for each byte of a body that is there: a client that is merely slow goes on.
TimePoint PendingConnection::read_deadline() const noexcept {
  if (is_idle()) return request_.arrival().began + to_duration(options().keep_alive);
  return request_.arrival().began + allowance(options().read_timeout, request_.body_bytes());
}

}  // namespace aiopyr::plugin

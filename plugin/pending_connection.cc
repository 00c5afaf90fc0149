#include <sys/socket.h>

#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connection.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/socket_buffers.h>

namespace aiopyr::plugin {

namespace {

/// From how many bytes on the socket counts as readable.
void set_low_water_mark(int fd, std::size_t bytes) noexcept {
  const auto mark = static_cast<int>(bytes);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

}  // namespace

void PendingConnection::await_client() {
  state_ = State::kReads;
  has_early_input_ = false;
  if (request_.awaited_body() > 0) set_low_water_mark(request_.fd(), request_.awaited_body());
  if (!watch_.is_active()) watch_.start(all_.loop(), request_.fd(), FdEvents::kRead);
  limit(read_deadline());
}

void PendingConnection::await_core() {
  if (!awaits_core()) {
    queued_at_ = all_.loop().now();
    state_ = request_.has_body_to_come() ? State::kAwaitsBodyCore : State::kAwaitsCore;
    watch_.stop();
  }
  limit(all_.loop().now() + to_duration(options().queue_timeout));
}

UnfinishedRequest PendingConnection::release() noexcept {
  if (awaits_core()) request_.add_queue_time(all_.loop().now() - queued_at_);
  state_ = State::kReleased;
  if (request_.awaited_body() > 0) set_low_water_mark(request_.fd(), 1);
  return std::move(request_);
}

/// What a client sends while its request is served stays in the socket. Of one that pipelines, the
/// next request is mostly begun by the next turn: stopping and starting the watch each time would
/// cost a system call.
void PendingConnection::on_ready() {
  if (state_ == State::kReads) {
    all_.on_input(*this);
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

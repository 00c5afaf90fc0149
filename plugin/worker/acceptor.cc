#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/core_queue.h>
#include <aiopyr/plugin/server/accept_queue.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/acceptor.h>

namespace aiopyr::plugin {

namespace {

/// How many connections one turn of the loop accepts, so that a flood leaves time for those that
/// are there already.
constexpr int kAcceptsPerTurn = 64;

/// The time that accepting may take in a turn, including the requests that are answered at once.
constexpr Duration kTimeOfATurn = std::chrono::milliseconds(10);

constexpr int kQueuedPerTurn = 1024;

/// The time until the next attempt after a shortage of descriptors or memory, for which connections
/// that are only kept are closed.
constexpr Duration kRetryDelay = std::chrono::milliseconds(100);

/// The time for other workers to take a connection before it is queued here.
constexpr Duration kOverflowDelay = std::chrono::milliseconds(200);

/// Sets TCP_NODELAY on a listening socket, from which connections inherit it. Without it, small
/// replies wait for the peer's delayed acknowledgement.
void set_no_delay(int fd) noexcept {
  const int on = 1;
  // A Unix socket refuses, which is fine: it has no such delay.
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Shortens the time for which the kernel keeps back connections without input (TCP_DEFER_ACCEPT).
/// uWSGI sets it to `socket-timeout`, and aiopyr-read-timeout would be added to that. Within a
/// second most connections have brought their requests, which saves the loop a turn for each. For a
/// client whose time is not much longer than that, the kernel keeps back nothing.
void shorten_deferral(int fd, double read_timeout) noexcept {
  constexpr double kMuchLonger = 10;
  int seconds = 0;
  socklen_t size = sizeof seconds;
  // Not set on a Unix socket, and where the operator does not want it.
  if (::getsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, &size) != 0 || seconds < 1) return;
  seconds = read_timeout == 0 || read_timeout >= kMuchLonger ? 1 : 0;
  ::setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
}

bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// uWSGI's lock against several workers waking for one connection, where thunder-lock is set.
class ThunderLock {
 public:
  ThunderLock() noexcept {
    if (uwsgi.use_thunder_lock) uwsgi_lock(uwsgi.the_thunder_lock);
  }
  ~ThunderLock() {
    if (uwsgi.use_thunder_lock) uwsgi_unlock(uwsgi.the_thunder_lock);
  }
  ThunderLock(const ThunderLock&) = delete;
  ThunderLock& operator=(const ThunderLock&) = delete;
};

}  // namespace

Acceptor::Acceptor(ClientConnections& connections, uwsgi_socket& socket, Serve serve)
    : connections_(connections),
      loop_(connections.loop()),
      socket_(socket),
      serve_(std::move(serve)) {
  set_no_delay(socket_.fd);
  shorten_deferral(socket_.fd, connections.limits().read_timeout);
}

void Acceptor::resume() {
  overflow_.stop();
  if (!is_active() && !retry_.is_active()) start(loop_, socket_.fd, FdEvents::kRead);
}

void Acceptor::pause() noexcept {
  retry_.stop();
  overflow_.stop();
  stop();
}

void Acceptor::on_ready(FdEvents) {
  if (is_behind_) return accept_in_turn();
  const auto waiting = connections_waiting(socket_.fd);
  // At least one waits, since the loop has called, whatever the kernel says of its queue.
  const int accepts = std::clamp(waiting.value_or(kAcceptsPerTurn), 1, kAcceptsPerTurn);
  const TimePoint end = Clock::now() + kTimeOfATurn;
  for (int i = 0; i < accepts; ++i) {
    if (!accept_one() || Clock::now() >= end) return;
  }
  if (accepts == waiting) is_short_ = false;
}

bool Acceptor::accept_one() {
  wsgi_request* request = CoreQueue::take(socket_);
  if (request == nullptr) {
    wait_for_cores();
    return false;
  }
  errno = 0;
  int failed = 0;
  int error = 0;
  {
    const ThunderLock accepting;
    failed = wsgi_req_simple_accept(request, socket_.fd);
    error = errno;
  }
  if (failed != 0) {
    CoreQueue::give_back(*request);
    if (is_shortage(error)) {
      retry_later(error);
    } else {
      is_short_ = false;
    }
    return false;
  }
  std::unique_ptr<ClientConnection> connection;
  try {
    connection = open_connection(*request, connections_);
  } catch (const std::bad_alloc&) {
    uwsgi_destroy_request(request);
    CoreQueue::give_back(*request);
    retry_later(ENOMEM);
    return false;
  }
  serve_(*request, std::move(connection));
  return true;
}

void Acceptor::wait_for_cores() {
  uwsgi_async_queue_is_full(uwsgi_now());
  stop();
  if (!traits_of(socket_).takes_plain_answers) return;
  is_behind_ = true;
  overflow_.start_after(loop_, kOverflowDelay);
}

/// Accepts connections after some have waited for cores. Their clients may have given up, so each
/// goes through the queue, which checks that, until none waits any more.
void Acceptor::accept_in_turn() {
  const TimePoint end = Clock::now() + kTimeOfATurn;
  for (int i = 0; i < kQueuedPerTurn && Clock::now() < end; ++i) {
    if (CoreQueue::empty()) return wait_for_cores();
    auto connection = accept_without_core(socket_, connections_);
    if (connection == nullptr) {
      is_behind_ = false;
      if (is_shortage(errno)) retry_later(errno);
      return;
    }
    connections_.add_to_queue(std::move(connection));
    connections_.use_free_cores();
  }
}

void Acceptor::accept_to_queue() {
  overflow_.start_after(loop_, kOverflowDelay);
  for (int i = 0; i < kQueuedPerTurn; ++i) {
    auto connection = accept_without_core(socket_, connections_);
    if (connection == nullptr) return;
    connections_.add_to_queue(std::move(connection));
  }
}

/// Tries again later. Logs the shortage once, until no connection waits any more: descriptors that
/// are freed meanwhile are taken at once, and the next shortage would bring the next line.
void Acceptor::retry_later(int error) {
  if (!is_short_) {
    is_short_ = true;
    log_line("new connections have to wait: " + std::generic_category().message(error));
  }
  connections_.free_descriptors(kAcceptsPerTurn);
  stop();
  retry_.start_after(loop_, kRetryDelay);
}

}  // namespace aiopyr::plugin

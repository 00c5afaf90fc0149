#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include <aiopyr/plugin/accept_queue.h>
#include <aiopyr/plugin/acceptor.h>
#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// How many connections one turn of the loop accepts, so that a flood leaves time for those that
/// are there already.
constexpr int kAcceptsPerTurn = 64;

constexpr int kQueuedPerTurn = 1024;

/// What is short is taken from connections that are merely kept, meanwhile.
constexpr Duration kRetryDelay = std::chrono::milliseconds(100);

/// What other workers have to take a connection before it is queued here.
constexpr Duration kOverflowDelay = std::chrono::milliseconds(200);

/// Connections inherit it from their listening socket. Without it, small replies wait for the
/// peer's delayed acknowledgement.
void set_no_delay(int fd) noexcept {
  const int on = 1;
  // A Unix socket refuses, which is fine: it has no such delay.
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
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

Acceptor::Acceptor(Loop& loop, uwsgi_socket& socket, Serve serve)
    : loop_(loop), socket_(socket), serve_(std::move(serve)) {
  set_no_delay(socket_.fd);
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
  const auto waiting = connections_waiting(socket_.fd);
  // Somebody waits, or the loop would not have called, whatever a kernel says of its queue.
  const int accepts = std::clamp(waiting.value_or(kAcceptsPerTurn), 1, kAcceptsPerTurn);
  for (int i = 0; i < accepts; ++i) {
    if (!accept_one()) return;
  }
  if (accepts == waiting) is_short_ = false;
}

bool Acceptor::accept_one() {
  wsgi_request* request = CoreQueue::take(socket_);
  if (request == nullptr) {
    uwsgi_async_queue_is_full(uwsgi_now());
    stop();
    if (takes_plain_answers(socket_)) overflow_.start_after(loop_, kOverflowDelay);
    return false;
  }
  errno = 0;
  int failed = 0;
  int error = 0;
  {
    const ThunderLock lock;
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
  serve_(*request);
  return true;
}

void Acceptor::accept_to_queue() {
  overflow_.start_after(loop_, kOverflowDelay);
  for (int i = 0; i < kQueuedPerTurn; ++i) {
    auto request = UnfinishedRequest::accept(socket_, loop_.now());
    if (!request) return;
    PendingConnections::current()->add_to_queue(std::move(*request));
  }
}

/// The log hears of it once, until nobody waits any more: what is freed meanwhile is taken at once,
/// and would bring the next line.
void Acceptor::retry_later(int error) {
  if (!is_short_) {
    is_short_ = true;
    log_line("new connections have to wait: " + std::generic_category().message(error));
  }
  PendingConnections::current()->drop_idle(kAcceptsPerTurn);
  stop();
  retry_.start_after(loop_, kRetryDelay);
}

}  // namespace aiopyr::plugin

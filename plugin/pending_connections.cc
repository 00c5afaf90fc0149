#include <exception>
#include <utility>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/body_core.h>
#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/shared_counters.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

PendingConnections* this_workers_connections = nullptr;

/// So many requests that have come with the one before are served in a row, until others get their
/// turn.
constexpr int kReadyInARow = 16;

void refuse(UnfinishedRequest& request) {
  own_counters()->refused.add();
  request.answer(to_http(busy()));
}

class InUse {
 public:
  explicit InUse(bool& mark) noexcept : mark_(mark) { mark_ = true; }
  ~InUse() { mark_ = false; }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  bool& mark_;
};

}  // namespace

PendingConnections::PendingConnections(Loop& loop, Serve serve)
    : loop_(loop), serve_(std::move(serve)) {
  this_workers_connections = this;
  queue_.limit = options().queue;
  body_queue_.limit = (queue_.limit + 1) / 2;
}

PendingConnections::~PendingConnections() {
  this_workers_connections = nullptr;
  for (auto* connections : {&reading_, &ready_, &queue_.connections, &body_queue_.connections}) {
    connections->for_each([](PendingConnection& connection) { delete &connection; });
  }
}

PendingConnections* PendingConnections::current() noexcept { return this_workers_connections; }

bool PendingConnections::is_paused() const noexcept {
  return keeps_ && uwsgi.workers[uwsgi.mywid].suspended != 0;
}

void PendingConnections::stop_keeping() {
  keeps_ = false;
  use_free_cores();
}

void PendingConnections::add(UnfinishedRequest request) {
  auto connection = std::make_unique<PendingConnection>(*this);
  connection->hold(std::move(request));
  add(std::move(connection));
}

void PendingConnections::add(std::unique_ptr<PendingConnection> connection) {
  if (connection->is_stuck()) return connection->leave_rest();
  connection->await_client();
  ++count_;
  if (!connection->request().has_input()) return reading_.push_back(*connection.release());
  ready_.push_back(*connection.release());
  serve_ready();
}

/// One whose request ends at once comes back to add() from within, and goes on here: each within
/// the one before, the stack would not be large enough for a client that pipelines. Those that have
/// waited for a core come back in the next turn: between two that take turns in the queue nobody
/// else would get one.
void PendingConnections::serve_ready() {
  if (is_serving_ready_) return;
  const InUse mark(is_serving_ready_);
  for (int i = 0; i < kReadyInARow && !ready_.empty() && !is_using_cores_; ++i) {
    PendingConnection& connection = ready_.pop_front();
    reading_.push_back(connection);
    try {
      on_input(connection);
    } catch (...) {
      Loop::report_exception(std::current_exception(), "a request that came with another");
    }
  }
  if (!ready_.empty() && !serve_ready_.is_linked()) loop_.call_soon(serve_ready_);
}

void PendingConnections::add_to_queue(UnfinishedRequest request) {
  // Without the memory for one that will be refused.
  if (queue_.size >= queue_.limit) {
    refuse(request);
    return;
  }
  auto connection = std::make_unique<PendingConnection>(*this);
  connection->hold(std::move(request));
  add_to_queue(std::move(connection));
}

void PendingConnections::add_to_queue(std::unique_ptr<PendingConnection> connection) {
  connection->await_core();
  Queue& queue = queue_of(*connection);
  if (queue.size >= queue.limit) {
    refuse(connection->request());
    return;
  }
  queue.connections.push_back(*connection.release());
  ++queue.size;
  ++count_;
  own_counters()->queued.add(1);
}

PendingConnections::Queue& PendingConnections::queue_of(
    const PendingConnection& connection) noexcept {
  return connection.awaits_body_core() ? body_queue_ : queue_;
}

/// Who has waited longest of those that may have a core where one is free; null where there is
/// none.
PendingConnection* PendingConnections::next_in_queues() noexcept {
  const bool has_body = body_queue_.size > 0 && BodyCore::is_free();
  if (queue_.size == 0) return has_body ? &body_queue_.connections.front() : nullptr;
  PendingConnection& next = queue_.connections.front();
  if (!has_body) return &next;
  PendingConnection& body = body_queue_.connections.front();
  return body.queued_at() < next.queued_at() ? &body : &next;
}

void PendingConnections::use_free_cores() {
  // A request that ends at once calls this from within: whoever is here already goes on.
  if (is_using_cores_) return;
  const InUse mark(is_using_cores_);
  for (auto* next = next_in_queues(); next != nullptr; next = next_in_queues()) {
    if (!serve(*next)) return;
  }
}

void PendingConnections::use_free_cores_soon() noexcept {
  if (has_waiting_bodies() && !use_cores_.is_linked()) loop_.call_soon(use_cores_);
}

void PendingConnections::drop_unasked() noexcept {
  reading_.for_each([this](PendingConnection& connection) {
    if (!connection.send_answers()) return on_stuck(connection);
    // What has come meanwhile is served in this turn or the next.
    const UnfinishedRequest& request = connection.request();
    if (!request.is_asked() && unread_bytes(request.fd()) == 0) take(connection);
  });
}

std::size_t PendingConnections::drop_idle(std::size_t count) noexcept {
  std::size_t dropped = 0;
  reading_.for_each([&](PendingConnection& connection) {
    if (dropped == count || !connection.is_idle()) return;
    if (!connection.send_answers()) return on_stuck(connection);
    take(connection);
    ++dropped;
  });
  return dropped;
}

/// Its client has to read before it is served again.
void PendingConnections::on_stuck(PendingConnection& connection) noexcept {
  take(connection)->leave_rest();
}

/// Those that came before go first. What is held of the answers before waits for this one's, unless
/// that takes its time.
void PendingConnections::on_input(PendingConnection& connection) {
  if (!connection.may_hold_on() && !connection.send_answers()) return on_stuck(connection);
  if (connection.is_idle()) connection.request().begin(loop_.now());
  if (!connection.request().read_on()) return;
  const bool waits_first =
      queue_.size > 0 || (has_waiting_bodies() && connection.request().has_body_to_come());
  if (!waits_first && serve(connection)) return;
  if (!connection.send_answers()) return on_stuck(connection);
  add_to_queue(take(connection));
}

/// Its body has come while it waited for a BodyCore: any core will do.
void PendingConnections::on_whole_body(PendingConnection& connection) {
  add_to_queue(take(connection));
  use_free_cores();
}

void PendingConnections::on_deadline(PendingConnection& connection) {
  UnfinishedRequest& request = connection.request();
  if (connection.awaits_core()) {
    // As those that the kernel keeps meanwhile.
    if (is_paused()) return connection.prolong_queueing();
    // A pause may have ended in this turn, with nobody served yet.
    if (serve(connection)) return;
    refuse(request);
  } else if (request.is_asked()) {
    request.answer(to_http(HTTPRequestTimeout("The request did not arrive in time.")));
  }
  take(connection);
}

/// Whether there was a core for it.
bool PendingConnections::serve(PendingConnection& connection) {
  // A worker that is paused takes on nothing new.
  if (is_paused()) return false;
  const bool reads_body = connection.request().has_body_to_come();
  if (reads_body && !BodyCore::is_free()) return false;
  wsgi_request* core = CoreQueue::take(connection.request().socket());
  if (core == nullptr) return false;
  auto taken = take(connection);
  UnfinishedRequest request = taken->release();
  Arrival arrival = request.arrival();
  arrival.reads_body = reads_body;
  request.move_to(*core);
  serve_(*core, std::move(arrival), std::move(taken));
  return true;
}

/// To be destroyed, or to be served.
std::unique_ptr<PendingConnection> PendingConnections::take(
    PendingConnection& connection) noexcept {
  --count_;
  if (connection.awaits_core()) {
    --queue_of(connection).size;
    own_counters()->queued.add(-1);
  }
  connection.unlink();
  return std::unique_ptr<PendingConnection>(&connection);
}

}  // namespace aiopyr::plugin

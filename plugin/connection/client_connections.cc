#include <chrono>
#include <exception>
#include <utility>

#include <aiopyr/plugin/connection/bare_response.h>
#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/io/client_state.h>
#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// The most requests that arrived with the one before and are served in a row, until others get
/// their turn.
constexpr int kReadyInARow = 16;

/// How often a full queue is looked through for clients that have given up.
constexpr Duration kBetweenLooks = std::chrono::seconds(1);

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

ClientConnections::ClientConnections(Loop& loop, const ConnectionLimits& limits,
                                     ConnectionCounters counters, Cores& cores)
    : loop_(loop), limits_(limits), counters_(counters), cores_(cores) {
  queue_.limit = limits.queue;
  body_queue_.limit = (queue_.limit + 1) / 2;
}

ClientConnections::~ClientConnections() {
  for (auto* connections : {&reading_, &ready_, &queue_.connections, &body_queue_.connections,
                            &last_queue_.connections}) {
    connections->for_each([](ClientConnection& connection) { delete &connection; });
  }
}

bool ClientConnections::is_paused() const noexcept { return keeps_ && cores_.is_paused(); }

void ClientConnections::stop_keeping() {
  keeps_ = false;
  use_free_cores();
}

void ClientConnections::add(std::unique_ptr<ClientConnection> connection) {
  if (connection->answers().is_stuck()) return tails_.leave_answers(std::move(connection));
  connection->await_client();
  ++count_;
  if (!connection->has_input()) return reading_.push_back(*connection.release());
  ready_.push_back(*connection.release());
  serve_ready();
}

/// Serves connections whose next request is already there. A request that ends at once returns its
/// connection to add() from within, and is continued in this loop: recursion would exhaust the
/// stack with a client that pipelines. Connections that have waited for a core come back in the
/// next turn: otherwise two that take turns in the queue would keep all others out.
void ClientConnections::serve_ready() {
  if (is_serving_ready_) return;
  const InUse mark(is_serving_ready_);
  for (int i = 0; i < kReadyInARow && !ready_.empty() && !is_using_cores_; ++i) {
    ClientConnection& connection = ready_.pop_front();
    reading_.push_back(connection);
    try {
      on_input(connection);
    } catch (...) {
      Loop::report_exception(std::current_exception(), "a request that came with another");
    }
  }
  if (!ready_.empty() && !serve_ready_.is_linked()) loop_.call_soon(serve_ready_);
}

void ClientConnections::refuse(std::unique_ptr<ClientConnection> connection) {
  counters_.refused.add();
  answer_finally(std::move(connection), busy());
}

/// Answers and closes. Gives no answer if it would come before those to earlier requests.
void ClientConnections::answer_finally(std::unique_ptr<ClientConnection> connection,
                                       Response response) {
  if (!connection->answers().send()) return;
  const bool head_only = connection->is_for_head();
  connection->stream().answer_finally(to_http(std::move(response), head_only));
  connection->begin_serving();
  auto stream = connection->stream().release();
  connection = nullptr;
  closes_.add_refused(std::move(stream));
}

void ClientConnections::add_to_queue(std::unique_ptr<ClientConnection> connection) {
  connection->await_core();
  Queue& queue = queue_of(*connection);
  if (!has_place_in(queue)) return refuse(std::move(connection));
  add_to(queue, std::move(connection));
}

ClientConnections::Queue& ClientConnections::queue_of(const ClientConnection& connection) noexcept {
  switch (connection.stage()) {
    case ClientConnection::Stage::kAwaitsBodyCore:
      return body_queue_;
    case ClientConnection::Stage::kAwaitsLast:
      return last_queue_;
    default:
      return queue_;
  }
}

/// Returns whether there is a place in a queue. Clients that may have given up make room.
bool ClientConnections::has_place_in(Queue& queue) {
  if (&queue != &queue_) return queue.size < queue.limit;
  if (queue_.size + last_queue_.size < queue_.limit) return true;
  look_through_queue();
  if (queue_.size + last_queue_.size < queue_.limit) return true;
  if (last_queue_.size == 0) return false;
  refuse(take(last_queue_.connections.front()));
  return true;
}

/// Moves clients that may have given up out of the queue. Seldom, as it takes some time.
void ClientConnections::look_through_queue() {
  if (looked_through_at_ + kBetweenLooks > loop_.now()) return;
  looked_through_at_ = loop_.now();
  queue_.connections.for_each([this](ClientConnection& connection) { give_way(connection); });
}

/// Checks the client of a request whose turn it is. Returns true if it has made way, or is dropped.
/// A client that has only ended its side keeps its place while its body is incomplete.
bool ClientConnections::give_way(ClientConnection& connection) {
  const ClientState state = client_state(connection.stream().fd());
  if (state == ClientState::kThere) return false;
  if (state == ClientState::kGone || limits_.drops_ended) {
    take(connection);
    return true;
  }
  if (connection.stage() != ClientConnection::Stage::kAwaitsCore) return false;
  auto taken = take(connection);
  taken->await_last();
  add_to(last_queue_, std::move(taken));
  return true;
}

void ClientConnections::add_to(Queue& queue,
                               std::unique_ptr<ClientConnection> connection) noexcept {
  queue.connections.push_back(*connection.release());
  ++queue.size;
  ++count_;
  counters_.queued.add(1);
}

/// Returns the connection that has waited longest of those that may have a free core, or null.
ClientConnection* ClientConnections::next_in_queues() noexcept {
  const bool has_body = body_queue_.size > 0 && slow_cores_.is_free();
  if (queue_.size == 0) return has_body ? &body_queue_.connections.front() : nullptr;
  ClientConnection& next = queue_.connections.front();
  if (!has_body) return &next;
  ClientConnection& body = body_queue_.connections.front();
  return body.queued_at_ < next.queued_at_ ? &body : &next;
}

void ClientConnections::use_free_cores() {
  // A request that ends at once calls this from within; the outer call continues.
  if (is_using_cores_) return;
  const InUse mark(is_using_cores_);
  while (cores_.has_free() && !is_paused()) {
    ClientConnection* const next = next_in_queues();
    if (next == nullptr) break;
    if (!give_way(*next) && !serve(*next)) return;
  }
  if (last_queue_.size > 0 && !serve_last_.is_active()) {
    serve_last_.start_after(loop_, Duration::zero());
  }
}

/// Serves clients that may have given up, if no others wait.
void ClientConnections::serve_last() {
  if (is_using_cores_) return;
  const InUse mark(is_using_cores_);
  while (last_queue_.size > 0 && queue_.size == 0 && cores_.has_free() && !is_paused()) {
    ClientConnection& next = last_queue_.connections.front();
    if (client_state(next.stream().fd()) == ClientState::kGone) {
      take(next);
    } else if (!serve(next)) {
      return;
    }
  }
}

void ClientConnections::use_free_cores_soon() noexcept {
  if (has_waiting_bodies() && !use_cores_.is_linked()) loop_.call_soon(use_cores_);
}

bool ClientConnections::take_body_core(SlowCores::Right& right) noexcept {
  return !has_waiting_bodies() && right.take(slow_cores_);
}

void ClientConnections::drop_unasked() noexcept {
  reading_.for_each([this](ClientConnection& connection) {
    if (!connection.answers().send()) return on_stuck(connection);
    // Bytes that have arrived meanwhile are served in this turn or the next.
    if (!connection.received().has_begun() && unread_bytes(connection.stream().fd()) == 0) {
      take(connection);
    }
  });
}

std::size_t ClientConnections::free_descriptors(std::size_t count) noexcept {
  const std::size_t lingering = closes_.give_up(count);
  return lingering + drop_idle(count - lingering);
}

std::size_t ClientConnections::drop_idle(std::size_t count) noexcept {
  std::size_t dropped = 0;
  reading_.for_each([&](ClientConnection& connection) {
    if (dropped == count || !connection.is_idle()) return;
    if (!connection.answers().send()) return on_stuck(connection);
    take(connection);
    ++dropped;
  });
  return dropped;
}

/// Takes a stuck connection aside: its client has to read before it is served again.
void ClientConnections::on_stuck(ClientConnection& connection) noexcept {
  auto taken = take(connection);
  taken->begin_serving();
  tails_.leave_answers(std::move(taken));
}

/// Serves the next request. Earlier ones go first. The held answers wait for this one's, unless
/// that takes long.
void ClientConnections::on_input(ClientConnection& connection) {
  Answers& answers = connection.answers();
  if (!answers.may_hold_on() && !answers.send()) return on_stuck(connection);
  if (connection.is_idle()) connection.arrival().began = loop_.now();
  if (!connection.body().read_on(connection.stream().transport())) return;
  const bool waits_first =
      queue_.size > 0 || (has_waiting_bodies() && connection.has_body_to_come());
  if (!waits_first && serve(connection)) return;
  if (!answers.send()) return on_stuck(connection);
  add_to_queue(take(connection));
}

/// Moves a connection whose body arrived while it waited to read it: any core will do now.
void ClientConnections::on_whole_body(ClientConnection& connection) {
  add_to_queue(take(connection));
  use_free_cores();
}

void ClientConnections::on_deadline(ClientConnection& connection) {
  if (connection.awaits_core()) {
    // Waits on, as connections in the kernel's queue do.
    if (is_paused()) return connection.prolong_queueing();
    // A pause may have ended in this turn, before any connection was served.
    if (serve(connection)) return;
    refuse(take(connection));
    return;
  }
  // Taken first: there may be no memory for an answer.
  auto taken = take(connection);
  if (!taken->received().has_begun()) return;
  answer_finally(std::move(taken), HTTPRequestTimeout("The request did not arrive in time."));
}

/// Serves a connection; returns whether there was a core for it.
bool ClientConnections::serve(ClientConnection& connection) {
  if (is_paused()) return false;
  const bool reads_body = connection.has_body_to_come();
  if (reads_body && !slow_cores_.is_free()) return false;
  if (!cores_.has_free()) return false;
  auto taken = take(connection);
  taken->begin_serving();
  cores_.serve(std::move(taken), reads_body);
  return true;
}

/// Removes a connection, which is then served or destroyed.
std::unique_ptr<ClientConnection> ClientConnections::take(ClientConnection& connection) noexcept {
  --count_;
  if (connection.awaits_core()) {
    --queue_of(connection).size;
    counters_.queued.add(-1);
  }
  connection.unlink();
  return std::unique_ptr<ClientConnection>(&connection);
}

}  // namespace aiopyr::plugin

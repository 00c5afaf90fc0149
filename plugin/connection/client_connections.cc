#include <exception>
#include <utility>

#include <aiopyr/plugin/connection/bare_response.h>
#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// So many requests that have come with the one before are served in a row, until others get their
/// turn.
constexpr int kReadyInARow = 16;

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
  for (auto* connections : {&reading_, &ready_, &queue_.connections, &body_queue_.connections}) {
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

/// One whose request ends at once comes back to add() from within, and goes on here: each within
/// the one before, the stack would not be large enough for a client that pipelines. Those that have
/// waited for a core come back in the next turn: between two that take turns in the queue nobody
/// else would get one.
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

/// An answer that would come before those to requests before is not given.
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
  if (queue.size >= queue.limit) return refuse(std::move(connection));
  queue.connections.push_back(*connection.release());
  ++queue.size;
  ++count_;
  counters_.queued.add(1);
}

ClientConnections::Queue& ClientConnections::queue_of(const ClientConnection& connection) noexcept {
  return connection.stage() == ClientConnection::Stage::kAwaitsBodyCore ? body_queue_ : queue_;
}

/// Who has waited longest of those that may have a core where one is free; null where there is
/// none.
ClientConnection* ClientConnections::next_in_queues() noexcept {
  const bool has_body = body_queue_.size > 0 && body_cores_.is_free();
  if (queue_.size == 0) return has_body ? &body_queue_.connections.front() : nullptr;
  ClientConnection& next = queue_.connections.front();
  if (!has_body) return &next;
  ClientConnection& body = body_queue_.connections.front();
  return body.queued_at_ < next.queued_at_ ? &body : &next;
}

void ClientConnections::use_free_cores() {
  // A request that ends at once calls this from within: whoever is here already goes on.
  if (is_using_cores_) return;
  const InUse mark(is_using_cores_);
  for (auto* next = next_in_queues(); next != nullptr; next = next_in_queues()) {
    if (!serve(*next)) return;
  }
}

void ClientConnections::use_free_cores_soon() noexcept {
  if (has_waiting_bodies() && !use_cores_.is_linked()) loop_.call_soon(use_cores_);
}

bool ClientConnections::take_body_core(SlowCores::Right& right) noexcept {
  return !has_waiting_bodies() && right.take(body_cores_);
}

void ClientConnections::drop_unasked() noexcept {
  reading_.for_each([this](ClientConnection& connection) {
    if (!connection.answers().send()) return on_stuck(connection);
    // What has come meanwhile is served in this turn or the next.
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

/// Its client has to read before it is served again.
void ClientConnections::on_stuck(ClientConnection& connection) noexcept {
  auto taken = take(connection);
  taken->begin_serving();
  tails_.leave_answers(std::move(taken));
}

/// Those that came before go first. What is held of the answers before waits for this one's, unless
/// that takes its time.
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

/// Its body has come while it waited for a core to read it in: any core will do.
void ClientConnections::on_whole_body(ClientConnection& connection) {
  add_to_queue(take(connection));
  use_free_cores();
}

void ClientConnections::on_deadline(ClientConnection& connection) {
  if (connection.awaits_core()) {
    // As those that the kernel keeps meanwhile.
    if (is_paused()) return connection.prolong_queueing();
    // A pause may have ended in this turn, with nobody served yet.
    if (serve(connection)) return;
    refuse(take(connection));
    return;
  }
  // Taken first: there may be no memory for an answer.
  auto taken = take(connection);
  if (!taken->received().has_begun()) return;
  answer_finally(std::move(taken), HTTPRequestTimeout("The request did not arrive in time."));
}

/// Returns whether there was a core for it.
bool ClientConnections::serve(ClientConnection& connection) {
  if (is_paused()) return false;
  const bool reads_body = connection.has_body_to_come();
  if (reads_body && !body_cores_.is_free()) return false;
  if (!cores_.has_free()) return false;
  auto taken = take(connection);
  taken->begin_serving();
  cores_.serve(std::move(taken), reads_body);
  return true;
}

/// To be destroyed, or to be served.
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

#include <utility>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/shared_counters.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

PendingConnections* this_workers_connections = nullptr;

void refuse(UnfinishedRequest& request) {
  own_counters()->refused.add();
  request.answer(to_http(busy()));
}

}  // namespace

PendingConnections::PendingConnections(Loop& loop, Serve serve)
    : loop_(loop), serve_(std::move(serve)) {
  this_workers_connections = this;
}

PendingConnections::~PendingConnections() {
  this_workers_connections = nullptr;
  for (auto* connections : {&reading_, &queue_}) {
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
  connection->await_client();
  PendingConnection& added = *connection.release();
  reading_.push_back(added);
  ++count_;
  if (added.request().has_input()) on_input(added);
}

void PendingConnections::add_to_queue(UnfinishedRequest request) {
  if (queued_ >= options().queue) {
    refuse(request);
    return;
  }
  auto connection = std::make_unique<PendingConnection>(*this);
  connection->hold(std::move(request));
  connection->await_core();
  note_queued(*connection.release());
  ++count_;
}

void PendingConnections::note_queued(PendingConnection& connection) {
  queue_.push_back(connection);
  ++queued_;
  own_counters()->queued.add(1);
}

void PendingConnections::use_free_cores() {
  while (!queue_.empty() && serve(queue_.front())) {
  }
}

void PendingConnections::drop_unasked() noexcept {
  reading_.for_each([this](PendingConnection& connection) {
    // What has come meanwhile is served in this turn or the next.
    const UnfinishedRequest& request = connection.request();
    if (!request.is_asked() && unread_bytes(request.fd()) == 0) take(connection);
  });
}

std::size_t PendingConnections::drop_idle(std::size_t count) noexcept {
  std::size_t dropped = 0;
  reading_.for_each([&](PendingConnection& connection) {
    if (dropped == count || !connection.is_idle()) return;
    take(connection);
    ++dropped;
  });
  return dropped;
}

/// Those that came before go first.
void PendingConnections::on_input(PendingConnection& connection) {
  if (connection.is_idle()) connection.request().begin(loop_.now());
  if (!connection.request().read_on()) return;
  if (queue_.empty() && serve(connection)) return;
  if (queued_ < options().queue) {
    connection.await_core();
    note_queued(connection);
  } else {
    refuse(connection.request());
    take(connection);
  }
}

void PendingConnections::on_deadline(PendingConnection& connection) {
  UnfinishedRequest& request = connection.request();
  if (connection.awaits_core()) {
    // As those that the kernel keeps meanwhile.
    if (is_paused()) return connection.await_core();
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
  wsgi_request* core = CoreQueue::take(connection.request().socket());
  if (core == nullptr) return false;
  auto taken = take(connection);
  UnfinishedRequest request = taken->release();
  const Arrival arrival = request.arrival();
  request.move_to(*core);
  serve_(*core, arrival, std::move(taken));
  return true;
}

/// To be destroyed, or to be served.
std::unique_ptr<PendingConnection> PendingConnections::take(
    PendingConnection& connection) noexcept {
  --count_;
  if (connection.awaits_core()) {
    --queued_;
    own_counters()->queued.add(-1);
  }
  connection.unlink();
  return std::unique_ptr<PendingConnection>(&connection);
}

}  // namespace aiopyr::plugin

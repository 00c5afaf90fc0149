#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <aiopyr/plugin/request/core_queue.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/request/unserved.h>
#include <aiopyr/plugin/request/write_order.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>

namespace aiopyr::plugin {

namespace {

/// The fibers by the number of the core. Never destroyed: uWSGI may exit() from a signal handler
/// while requests run.
std::span<RequestFiber> request_fibers;

std::uint64_t microseconds(Duration time) noexcept {
  using std::chrono::duration_cast;
  return static_cast<std::uint64_t>(duration_cast<std::chrono::microseconds>(time).count());
}

bool has_begun_to_write(const wsgi_request& request) noexcept {
  return request.headers_size + request.response_size + request.write_pos > 0;
}

/// Frees the rest of an unfinished websocket message.
void drop_continuation() noexcept {
  if (uwsgi.websockets_continuation_buffer == nullptr) return;
  uwsgi_buffer_destroy(std::exchange(uwsgi.websockets_continuation_buffer, nullptr));
}

}  // namespace

RequestFiber& request_fiber_of(const wsgi_request& request) noexcept {
  return request_fibers[static_cast<std::size_t>(request.async_id)];
}

std::span<RequestFiber> all_request_fibers() noexcept { return request_fibers; }

RequestFiber& current_request_fiber() noexcept { return request_fiber_of(*uwsgi.wsgi_req); }

void make_request_fibers(FiberHost& host) {
  const auto count = static_cast<std::size_t>(uwsgi.async);
  auto* const fibers = std::allocator<RequestFiber>().allocate(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::construct_at(fibers + i, uwsgi.workers[uwsgi.mywid].cores[i].req, host);
  }
  request_fibers = {fibers, count};
}

void drop_unasked_connections(ClientConnections& connections) noexcept {
  for (auto& fiber : request_fibers) fiber.reading().drop_unasked();
  connections.drop_unasked();
}

RequestFiber::RequestFiber(wsgi_request& request, FiberHost& host) noexcept
    : request_(request),
      host_(host),
      reading_(request, host.connections),
      pace_(request, host.connections),
      deadline_(request),
      client_(host.clients) {}

void RequestFiber::serve(std::unique_ptr<ClientConnection> connection, bool reads_body) {
  connection_ = std::move(connection);
  reading_.begin(*connection_, reads_body);
  request_.start_of_request = uwsgi_micros() - microseconds(connection_->arrival().queued);
  request_.start_of_request_in_sec = request_.start_of_request / 1'000'000;
  is_starting_ = true;
  has_ended_ = false;
  try {
    Fiber::start(
        host_.loop, [this] { run(); }, this);
  } catch (const std::bad_alloc&) {
    log_line("a connection is closed: there is no memory for a request's stack");
    connection_ = nullptr;
    reading_.end_body();
    uwsgi_destroy_request(&request_);
    CoreQueue::give_back(request_);
  }
  is_starting_ = false;
  if (has_ended_) finish();
}

void RequestFiber::park() noexcept { static_cast<void>(Fiber::park_nothrow()); }

void RequestFiber::wake() noexcept {
  if (fiber_ != nullptr) fiber_->unpark();
}

void RequestFiber::on_enter() noexcept {
  uwsgi.wsgi_req = &request_;
  std::swap(uwsgi.websockets_continuation_buffer, continuation_);
  if (!plugin_runs_) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(nullptr);
  if (plugin.resume != nullptr) plugin.resume(&request_);
}

void RequestFiber::on_leave() noexcept {
  // The body was read, or will not be: by another plugin, or for a websocket.
  if (request_.headers_sent || (request_.post_cl > 0 && request_.post_pos >= request_.post_cl)) {
    reading_.end_body();
  }
  std::swap(uwsgi.websockets_continuation_buffer, continuation_);
  if (!plugin_runs_) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(&request_);
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

void RequestFiber::run() noexcept {
  fiber_ = Fiber::current();
  deadline_.begin(*fiber_);
  notes_ = {};
  notes_.queue_time = connection_->arrival().queued;
  const auto outcome = reading_.read();
  const bool is_whole = outcome == RequestReading::Outcome::kWhole;
  if (is_whole) answer();
  if (outcome == RequestReading::Outcome::kUnfinished) end_with(ending::Kept{});
  if (!ends<ending::Kept>()) {
    // uWSGI may have something left to write, unless the descriptor has another owner by now.
    if (request_.fd_closed == 0 && !send_answers_before(request_)) request_.write_errors++;
  }
  // Watches end before their descriptors.
  if (ends<ending::ByUwsgi>()) drop_connection();
  if (is_whole) {
    uwsgi.wsgi_req = &request_;
    uwsgi_close_request(&request_);
  } else {
    uwsgi_destroy_request(&request_);
  }
  fiber_ = nullptr;
  // Ends in the root context, outside of this fiber: if it has not parked, its starter is there.
  has_ended_ = is_starting_ && (ends<ending::ByUwsgi>() || ends<ending::Kept>());
  if (!has_ended_) host_.loop.call_soon(end_);
}

/// Drops a connection that has no other ending. If its stream was taken back, or if uWSGI could
/// not write to it, a response breaks off: then the connection is reset, so that a client to which
/// the end of the connection is the end of the response does not take it for complete.
void RequestFiber::drop_connection() noexcept {
  ClientStream& stream = connection_->stream();
  if (!stream.is_lent()) {
    stream.transport().cut_off();
  } else if (request_.write_errors > 0 && request_.fd_closed == 0 && has_begun_to_write(request_)) {
    reset_at_close(stream.fd());
  }
  connection_ = nullptr;
}

void RequestFiber::answer() noexcept {
  // Refuses it if its client is unknown: no route, static file or plugin may see it.
  if (reading_.fault() != HeadError::kNone) return refuse_unparsed(request_, reading_.fault());
  // Sends earlier answers first: a route may give the descriptor to a thread of uWSGI's.
  if (uwsgi.routes != nullptr && !send_answers_before(request_)) return;
  // Checks before the routes, which would need the same.
  if (uwsgi.routes != nullptr && !is_to_be_served(request_)) return;
  if (uwsgi_apply_routes(&request_) == UWSGI_ROUTE_BREAK) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(nullptr);
  plugin_runs_ = true;
  for (;;) {
    request_.async_status = uwsgi.p[request_.uh->modifier1]->request(&request_);
    if (request_.async_status <= UWSGI_OK) break;
    // The plugin wants to be called again, for a response in parts. Other fibers get a turn in
    // between.
    ++request_.switches;
    fiber_->unpark();
    if (!Fiber::park_nothrow()) break;
  }
  plugin_runs_ = false;
  deadline_.lift();
  drop_continuation();
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

/// Gives the core back, and passes the connection to its next owner, in the root context and after
/// this fiber is free too. A connection that is kept is passed on first, so that those that have
/// waited longer are served before it.
void RequestFiber::finish() {
  auto connection = std::move(connection_);
  const bool is_kept = ends<ending::Kept>();
  Ending ending = std::exchange(ending_, ending::ByUwsgi{});
  reading_.end_body();
  CoreQueue::give_back(request_);
  if (is_kept) {
    carry_out(std::move(ending), std::move(connection), host_.connections);
    host_.on_free_core();
  } else {
    host_.on_free_core();
    carry_out(std::move(ending), std::move(connection), host_.connections);
  }
}

}  // namespace aiopyr::plugin

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

namespace aiopyr::plugin {

namespace {

/// The fibers by the number of the core. Never destroyed: uWSGI may exit() from a signal handler
/// while requests run.
std::span<RequestFiber> request_fibers;

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

ServedRequest& served_request_of(const wsgi_request& request) noexcept {
  return request_fiber_of(request).served();
}

ServedRequest& current_request() noexcept { return current_request_fiber().served(); }

void make_request_fibers(FiberHost& host) {
  const auto count = static_cast<std::size_t>(uwsgi.async);
  auto* const fibers = std::allocator<RequestFiber>().allocate(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::construct_at(fibers + i, uwsgi.workers[uwsgi.mywid].cores[i].req, host);
  }
  request_fibers = {fibers, count};
}

void drop_unasked_connections(ClientConnections& connections) noexcept {
  for (auto& fiber : request_fibers) fiber.served().reading.drop_unasked();
  connections.drop_unasked();
}

RequestFiber::RequestFiber(wsgi_request& request, FiberHost& host) noexcept
    : request_(request), host_(host), served_(request, host.connections, host.clients) {}

void RequestFiber::serve(std::unique_ptr<ClientConnection> connection, bool reads_body) {
  served_.begin(std::move(connection), reads_body);
  is_starting_ = true;
  has_ended_ = false;
  try {
    Fiber::start(
        host_.loop, [this] { run(); }, this);
  } catch (const std::bad_alloc&) {
    log_line("a connection is closed: there is no memory for a request's stack");
    served_.release().first.reset();
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
    served_.reading.end_body();
  }
  std::swap(uwsgi.websockets_continuation_buffer, continuation_);
  if (!plugin_runs_) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(&request_);
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

void RequestFiber::run() noexcept {
  fiber_ = Fiber::current();
  served_.begin_on(*fiber_);
  const auto outcome = served_.reading.read();
  const bool is_whole = outcome == RequestReading::Outcome::kWhole;
  if (is_whole) answer();
  if (outcome == RequestReading::Outcome::kUnfinished) served_.end_with(ending::Kept{});
  if (!served_.ends<ending::Kept>()) {
    // uWSGI may have something left to write, unless the descriptor has another owner by now.
    if (request_.fd_closed == 0 && !send_answers_before(request_)) request_.write_errors++;
  }
  // Watches end before their descriptors.
  if (served_.ends<ending::ByUwsgi>()) served_.drop_connection();
  if (is_whole) {
    uwsgi.wsgi_req = &request_;
    uwsgi_close_request(&request_);
  } else {
    uwsgi_destroy_request(&request_);
  }
  fiber_ = nullptr;
  // Ends in the root context, outside of this fiber: if it has not parked, its starter is there.
  has_ended_ = is_starting_ && (served_.ends<ending::ByUwsgi>() || served_.ends<ending::Kept>());
  if (!has_ended_) host_.loop.call_soon(end_);
}

void RequestFiber::answer() noexcept {
  // Refuses it if its client is unknown: no route, static file or plugin may see it.
  if (served_.reading.fault() != HeadError::kNone)
    return refuse_unparsed(request_, served_.reading.fault());
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
  served_.deadline.lift();
  drop_continuation();
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

/// Gives the core back, and passes the connection to its next owner, in the root context and after
/// this fiber is free too. A connection that is kept is passed on first, so that those that have
/// waited longer are served before it.
void RequestFiber::finish() {
  const bool is_kept = served_.ends<ending::Kept>();
  auto [connection, ending] = served_.release();
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

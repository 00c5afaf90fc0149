#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>

#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// By the number of the core. Never destroyed: uWSGI may exit() from a signal handler while
/// requests run.
std::span<RequestFiber> request_fibers;

std::uint64_t microseconds(Duration time) noexcept {
  using std::chrono::duration_cast;
  return static_cast<std::uint64_t>(duration_cast<std::chrono::microseconds>(time).count());
}

/// What an unfinished websocket message has left.
void drop_continuation() noexcept {
  if (uwsgi.websockets_continuation_buffer == nullptr) return;
  uwsgi_buffer_destroy(std::exchange(uwsgi.websockets_continuation_buffer, nullptr));
}

/// Where there is no memory for it the connection is closed.
void give_to_pending(std::unique_ptr<PendingConnection> connection) noexcept {
  try {
    PendingConnections::current()->add(std::move(connection));
  } catch (...) {
    log_line("a connection is closed: " + describe(std::current_exception()));
  }
}

/// Takes the connection over after a 101. An exception must not reach the loop.
void hand_over(Upgrade& upgrade) noexcept {
  try {
    upgrade.take_over(std::move(upgrade.transport), std::move(upgrade.leftover));
  } catch (...) {
    log_line("taking over an upgraded connection failed: " + describe(std::current_exception()));
  }
}

}  // namespace

RequestFiber& request_fiber_of(const wsgi_request& request) noexcept {
  return request_fibers[static_cast<std::size_t>(request.async_id)];
}

RequestFiber& current_request_fiber() noexcept { return request_fiber_of(*uwsgi.wsgi_req); }

void make_request_fibers() {
  const auto count = static_cast<std::size_t>(uwsgi.async);
  auto* const fibers = std::allocator<RequestFiber>().allocate(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::construct_at(fibers + i, uwsgi.workers[uwsgi.mywid].cores[i].req);
  }
  request_fibers = {fibers, count};
}

void drop_unasked_connections() noexcept {
  for (auto& fiber : request_fibers) fiber.drop_unasked();
  PendingConnections::current()->drop_unasked();
}

void RequestFiber::serve(Loop& loop, Arrival arrival, std::unique_ptr<PendingConnection> connection,
                         std::function<void()> done) {
  loop_ = &loop;
  arrival_ = std::move(arrival);
  connection_ = std::move(connection);
  is_set_aside_ = false;
  if (arrival_.reads_body) body_core_.take();
  done_ = std::move(done);
  deadline_.reset();
  request_.start_of_request = uwsgi_micros() - microseconds(arrival_.queued);
  request_.start_of_request_in_sec = request_.start_of_request / 1'000'000;
  is_starting_ = true;
  has_ended_ = false;
  try {
    Fiber::start(
        loop, [this] { run(); }, this);
  } catch (const std::bad_alloc&) {
    log_line("a connection is closed: there is no memory for a request's stack");
    connection_ = nullptr;
    end_body();
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

bool RequestFiber::forget_client() noexcept {
  const bool vanished = client_watch_ && client_watch_->fired();
  client_watch_.reset();
  return vanished;
}

void RequestFiber::pace_client(FdEvents direction) noexcept {
  paced_ = direction;
  paced_bytes_ = 0;
  const bool reads = direction == FdEvents::kRead;
  pace_.begin(reads ? options().read_timeout : options().write_timeout, loop_->now(),
              client_progress());
}

/// What the client has moved in the direction that is paced.
std::size_t RequestFiber::client_progress() const noexcept {
  if (paced_ == FdEvents::kRead) return paced_bytes_ + request_.post_pos;
  const std::size_t written = request_.headers_size + request_.response_size + request_.write_pos;
  if (written == 0) return 0;
  return written - std::min(written, unsent_bytes(request_.fd));
}

std::optional<Duration> RequestFiber::pace_limit(int fd, FdEvents direction) noexcept {
  if (paced_ != direction || fd != request_.fd) return std::nullopt;
  return pace_.end(loop_->now(), client_progress()) - loop_->now();
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
  // Whoever has read the body, or does not mean to: another plugin, a websocket.
  if (request_.headers_sent || (request_.post_cl > 0 && request_.post_pos >= request_.post_cl)) {
    end_body();
  }
  std::swap(uwsgi.websockets_continuation_buffer, continuation_);
  if (!plugin_runs_) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(&request_);
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

void RequestFiber::run() noexcept {
  fiber_ = Fiber::current();
  notes_ = {};
  notes_.queue_time = arrival_.queued;
  const bool is_whole = read_request() == Read::kWhole;
  if (is_whole) answer();
  if (!is_set_aside_) {
    // uWSGI may have something left to write, unless the descriptor is somebody else's by now.
    if (request_.fd_closed == 0 && !send_answers_before()) request_.write_errors++;
    // Watches end before their descriptors.
    connection_ = nullptr;
  }
  if (is_whole) {
    uwsgi.wsgi_req = &request_;
    uwsgi_close_request(&request_);
  } else {
    uwsgi_destroy_request(&request_);
  }
  fiber_ = nullptr;
  // In the root context, out of this fiber: where it has not parked, its starter is there already.
  has_ended_ = is_starting_ && upgrade_ == nullptr;
  if (!has_ended_) loop_->call_soon(end_);
}

/// Parses what the client sends, first without waiting: most requests are there whole.
RequestFiber::Read RequestFiber::read_request() noexcept {
  const bool is_parsed = request_.uh->pktsize > 0;
  while (!is_parsed) {
    const int status = request_.socket->proto(&request_);
    if (status == UWSGI_OK) break;
    if (status != UWSGI_AGAIN) return Read::kFailed;
    if (may_be_unfinished(*request_.socket)) return leave_core(0);
    if (!wait_for_more()) return Read::kFailed;
  }
  if (is_parsed || !may_wait_for_body(*request_.socket)) return Read::kWhole;
  if (!may_be_unfinished(*request_.socket)) {
    // Parsers of HTTP have noted it.
    const ProxiedBody body = proxied_body(request_);
    request_.post_cl = body.length;
    has_chunks_ = body.is_chunked;
  }
  return await_body();
}

/// What of its body is worth waiting for is awaited without the core, which it keeps for the rest
/// where not too many do so.
RequestFiber::Read RequestFiber::await_body() noexcept {
  const std::size_t body = missing_body(request_);
  if (body > 0) return leave_core(body);
  if (is_body_to_read_ahead(request_, has_chunks_)) return read_ahead();
  if (!has_body_to_come(request_, has_chunks_) || take_body_core()) return Read::kWhole;
  return leave_core(0);
}

/// Most bodies in chunks are short, and have come with their heads.
RequestFiber::Read RequestFiber::read_ahead() noexcept {
  try {
    const std::string_view begun(static_cast<const char*>(request_.proto_parser_remains_buf),
                                 request_.proto_parser_remains);
    auto input = std::make_unique<BodyInput>(
        has_chunks_ ? std::nullopt : std::optional<std::size_t>(request_.post_cl), begun);
    if (input->is_whole() || (input->is_enough() && take_body_core())) return Read::kWhole;
    return leave_core(0, std::move(input));
  } catch (const std::bad_alloc&) {
    return Read::kFailed;
  }
}

/// For protocols that are not taken out of their core.
bool RequestFiber::wait_for_more() noexcept {
  unasked_ = request_.proto_parser_pos == 0;
  const auto result = wait_for_fd_on_fiber(request_.fd, FdEvents::kRead,
                                           std::chrono::seconds(uwsgi.socket_timeout));
  unasked_ = false;
  return result == FdWaitResult::kReady;
}

RequestFiber::Read RequestFiber::leave_core(std::size_t awaited_body,
                                            std::unique_ptr<BodyInput> input) noexcept {
  try {
    UnfinishedRequest unfinished(request_, arrival_);
    if (request_.uh->pktsize > 0) unfinished.expect_body(body_rest());
    unfinished.await_body(awaited_body);
    if (input) unfinished.read_body_ahead(std::move(input));
    set_aside(std::move(unfinished));
    return Read::kUnfinished;
  } catch (const std::bad_alloc&) {
    return Read::kFailed;
  }
}

/// How much of its body did not come with the head; nothing where it is in chunks.
std::optional<std::size_t> RequestFiber::body_rest() const noexcept {
  if (has_chunks_) return std::nullopt;
  return request_.post_cl - std::min(request_.post_cl, request_.proto_parser_remains);
}

/// Unless others have waited for one.
bool RequestFiber::take_body_core() noexcept {
  return !PendingConnections::current()->has_waiting_bodies() && body_core_.take();
}

void RequestFiber::end_body() noexcept {
  if (body_core_.give_back()) PendingConnections::current()->use_free_cores_soon();
}

void RequestFiber::answer() noexcept {
  // A route may give the descriptor to a thread of uWSGI's.
  if (uwsgi.routes != nullptr && !send_answers_before()) return;
  if (uwsgi_apply_routes(&request_) == UWSGI_ROUTE_BREAK) return;
  const uwsgi_plugin& plugin = *uwsgi.p[request_.uh->modifier1];
  if (plugin.suspend != nullptr) plugin.suspend(nullptr);
  plugin_runs_ = true;
  for (;;) {
    request_.async_status = uwsgi.p[request_.uh->modifier1]->request(&request_);
    if (request_.async_status <= UWSGI_OK) break;
    // The plugin wants to be called again: a response in parts. Everybody else gets a turn between.
    ++request_.switches;
    fiber_->unpark();
    if (!Fiber::park_nothrow()) break;
  }
  plugin_runs_ = false;
  lift_timeout();
  drop_continuation();
  if (plugin.resume != nullptr) plugin.resume(nullptr);
}

void RequestFiber::keep_proxy_line(std::string_view line) noexcept {
  if (line.empty()) return;
  try {
    arrival_.proxy_line = std::make_shared<const std::string>(line);
  } catch (const std::bad_alloc&) {
    arrival_.proxy_line = nullptr;
  }
}

void RequestFiber::set_aside(UnfinishedRequest request) {
  if (connection_ == nullptr) {
    connection_ = std::make_unique<PendingConnection>(*PendingConnections::current());
  }
  connection_->hold(std::move(request));
  is_set_aside_ = true;
}

std::string RequestFiber::take_answers_before(std::string_view head) {
  if (connection_ == nullptr) return {};
  if (connection_->is_broken()) {
    request_.write_errors++;
    throw ClientDisconnected("the client went away before it had the answers before");
  }
  return connection_->take_answers(head);
}

bool RequestFiber::send_answers_before() noexcept {
  if (connection_ == nullptr) return true;
  const TimePoint end = loop_->now() + std::chrono::seconds(uwsgi.socket_timeout);
  while (!connection_->send_answers()) {
    if (!connection_->has_rest() || Fiber::current() == nullptr) return false;
    if (uwsgi.wait_write_hook(request_.fd, uwsgi.socket_timeout) <= 0) return false;
    if (loop_->now() >= end) return false;
  }
  return true;
}

/// Gives the core back, and whoever is to own the connection from here on gets it, in the root
/// context and after this fiber is free as well.
void RequestFiber::finish() {
  const auto upgrade = std::move(upgrade_);
  auto connection = std::move(connection_);
  const auto done = std::exchange(done_, nullptr);
  body_core_.give_back();
  CoreQueue::give_back(request_);
  if (connection) give_to_pending(std::move(connection));
  done();
  if (upgrade) hand_over(*upgrade);
}

}  // namespace aiopyr::plugin

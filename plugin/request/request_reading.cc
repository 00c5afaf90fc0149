#include <algorithm>
#include <chrono>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/plugin/request/body_rules.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/request_reading.h>
#include <aiopyr/plugin/request/trusted_forwarding.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>

namespace aiopyr::plugin {

void RequestReading::begin(ClientConnection& connection, bool reads_body) noexcept {
  connection_ = &connection;
  fault_ = HeadError::kNone;
  if (reads_body) connections_.give_body_core(body_right_);
}

/// Parses the client's bytes, first without waiting: most requests are there completely.
RequestReading::Outcome RequestReading::read() noexcept {
  const SocketTraits& traits = connection_->origin().traits();
  const bool is_parsed = packet_size(request_) > 0;
  while (!is_parsed) {
    const int status = request_.socket->proto(&request_);
    if (status == UWSGI_OK) break;
    if (status != UWSGI_AGAIN) return Outcome::kFailed;
    if (traits.is_http) return leave_core(0);
    if (!wait_for_more()) return Outcome::kFailed;
  }
  // Parsers of HTTP have already done this. To repeat it, for a request that comes back, changes
  // nothing.
  if (!traits.is_http) fault_ = follow_trusted_proxies(request_);
  // A request with a fault is answered at once, whatever of its body has come.
  if (is_parsed || !traits.awaits_bodies || fault_ != HeadError::kNone) return Outcome::kWhole;
  if (!traits.is_http) {
    // The variables describe the body; parsers of HTTP have already recorded it.
    const ProxiedBody body = proxied_body(request_);
    request_.post_cl = body.length;
    has_chunks_ = body.is_chunked;
  }
  return await_body();
}

/// Awaits the body without the core, as far as that is worthwhile; the request keeps the core for
/// the rest of the body, if not too many do so.
RequestReading::Outcome RequestReading::await_body() noexcept {
  const bool is_counted = connection_->origin().counts_input();
  const std::size_t body = missing_body(request_, is_counted);
  if (body > 0) return leave_core(body);
  if (is_body_to_read_ahead(request_, has_chunks_, is_counted)) return read_ahead();
  if (!has_body_to_come(request_, has_chunks_, is_counted) || take_body_core()) {
    return Outcome::kWhole;
  }
  return leave_core(0);
}

/// Reads ahead: most bodies in chunks are short, and have come with their heads.
RequestReading::Outcome RequestReading::read_ahead() noexcept {
  try {
    const std::string_view begun(static_cast<const char*>(request_.proto_parser_remains_buf),
                                 request_.proto_parser_remains);
    auto input = std::make_unique<BodyInput>(
        has_chunks_ ? std::nullopt : std::optional<std::size_t>(request_.post_cl), begun);
    if (input->is_whole() || (input->is_enough() && take_body_core())) return Outcome::kWhole;
    return leave_core(0, std::move(input));
  } catch (const std::bad_alloc&) {
    return Outcome::kFailed;
  }
}

/// Waits in the core, for protocols that cannot leave it.
bool RequestReading::wait_for_more() noexcept {
  if (request_.proto_parser_pos == 0) unasked_ = Fiber::current();
  const auto result = wait_for_fd_on_fiber(request_.fd, FdEvents::kRead,
                                           std::chrono::seconds(uwsgi.socket_timeout));
  unasked_ = nullptr;
  return result == FdWaitResult::kReady;
}

RequestReading::Outcome RequestReading::leave_core(std::size_t awaited_body,
                                                   std::unique_ptr<BodyInput> input) noexcept {
  try {
    const bool is_read_ahead = input != nullptr;
    AwaitedBody body = awaited(awaited_body, std::move(input));
    take_unfinished(*connection_, request_);
    // The bytes that came with the head are part of that body.
    if (is_read_ahead) connection_->received().buffer = nullptr;
    connection_->body() = std::move(body);
    return Outcome::kUnfinished;
  } catch (const std::bad_alloc&) {
    return Outcome::kFailed;
  }
}

/// Returns the part of the body that did not come with the head; nothing while the head is
/// incomplete.
AwaitedBody RequestReading::awaited(std::size_t worth, std::unique_ptr<BodyInput> input) noexcept {
  if (packet_size(request_) == 0) return {};
  std::optional<std::size_t> rest;
  if (!has_chunks_) {
    rest = request_.post_cl - std::min(request_.post_cl, request_.proto_parser_remains);
  }
  return {rest, worth, std::move(input), connection_->origin().counts_input()};
}

void RequestReading::end_body() noexcept {
  if (body_right_.give_back()) connections_.use_free_cores_soon();
}

}  // namespace aiopyr::plugin

#include <array>
#include <cstddef>
#include <string_view>
#include <sys/socket.h>
#include <sys/types.h>
#include <utility>

#include <aiopyr/plugin/connection/client_connection.h>
#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/io/pace.h>
#include <aiopyr/plugin/io/proxy_header.h>
#include <aiopyr/runtime/http1/http_head.h>

namespace aiopyr::plugin {

namespace {

/// The most bytes that show whether a request is for HEAD, with an empty line before it.
constexpr std::size_t kLongestMethod = 16;

}  // namespace

ClientConnection::ClientConnection(ClientConnections& all, const ClientOrigin& origin,
                                   std::unique_ptr<Transport> transport, Arrival arrival)
    : all_(all),
      origin_(origin),
      stream_(std::move(transport)),
      arrival_(std::move(arrival)),
      wait_(*this, all.loop()),
      answers_(*this, stream_, all.loop(), all.batch(), all.limits().has_small_buffers) {}

bool ClientConnection::has_input() const noexcept {
  if (received_.has_head() && body_.is_enough()) return true;
  return received_.is_to_be_scanned() || stream_.transport().has_buffered_input();
}

bool ClientConnection::is_for_head() const noexcept {
  if (received_.has_begun() || received_.has_head()) return received_.is_for_head();
  if (origin_.listener != nullptr && origin_.traits().is_tls) return false;
  // A header of the PROXY protocol may stand before it.
  std::array<char, ProxyHeader::kMost + kLongestMethod> begin;
  const ssize_t size = ::recv(stream_.fd(), begin.data(), begin.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size <= 0) return false;
  std::string_view bytes(begin.data(), static_cast<std::size_t>(size));
  const ProxyHeader proxied = read_proxy_header(bytes);
  if (proxied.status == ProxyHeader::Status::kWhole) bytes.remove_prefix(proxied.size);
  return is_head_request(bytes);
}

void ClientConnection::await_client() {
  stage_ = Stage::kReads;
  has_early_input_ = false;
  if (body_.awaited() > 0) wait_.set_low_water_mark(stream_.fd(), body_.awaited());
  wait_.watch(stream_.fd());
  wait_.limit(read_deadline());
}

void ClientConnection::await_core() {
  if (!awaits_core()) queued_at_ = all_.loop().now();
  stage_ = has_body_to_come() ? Stage::kAwaitsBodyCore : Stage::kAwaitsCore;
  // If its body becomes complete while it waits, any core will do: watches for that.
  const auto rest = stage_ == Stage::kAwaitsBodyCore ? body_.countable_rest() : std::nullopt;
  if (rest) {
    wait_.set_low_water_mark(stream_.fd(), *rest);
    wait_.watch(stream_.fd());
  } else {
    wait_.stop_watching();
  }
  prolong_queueing();
}

void ClientConnection::prolong_queueing() {
  wait_.limit(all_.loop().now() + to_duration(all_.limits().queue_timeout));
}

void ClientConnection::begin_serving() noexcept {
  if (awaits_core()) arrival_.queued += all_.loop().now() - queued_at_;
  stage_ = Stage::kServed;
  wait_.set_low_water_mark(stream_.fd(), 1);
}

bool ClientConnection::has_body_to_come() const noexcept {
  return body_.has_more_to_come(stream_.fd());
}

/// Called for input. While a request is served, its client's bytes stay in the socket. The next
/// request of a client that pipelines has usually begun by the next turn: stopping and starting the
/// watch each time would cost a system call.
void ClientConnection::on_input() {
  switch (stage_) {
    case Stage::kReads:
      return all_.on_input(*this);
    case Stage::kAwaitsBodyCore:
      // A client that has left makes its socket readable too.
      if (has_body_to_come()) return wait_.stop_watching();
      return all_.on_whole_body(*this);
    case Stage::kAwaitsCore:
    case Stage::kAwaitsLast:
    case Stage::kServed:
      if (std::exchange(has_early_input_, true)) wait_.stop_watching();
  }
}

void ClientConnection::on_time() {
  if (stage_ == Stage::kServed) return;
  const TimePoint deadline = stage_ == Stage::kReads ? read_deadline() : wait_.deadline();
  if (deadline > all_.loop().now()) {
    wait_.limit(deadline);
  } else {
    all_.on_deadline(*this);
  }
}

/// Ignored while a request is served: its core comes back with the connection, possibly later.
bool ClientConnection::on_stuck() noexcept {
  if (stage_ == Stage::kServed) return false;
  all_.on_stuck(*this);
  return true;
}

/// Returns a deadline that is later for each byte of a body that has arrived, so that a client that
/// is merely slow may continue.
TimePoint ClientConnection::read_deadline() const noexcept {
  const ConnectionLimits& limits = all_.limits();
  if (is_idle()) return arrival_.began + to_duration(limits.keep_alive);
  return arrival_.began + allowance(limits.read_timeout, body_.received(stream_.fd()));
}

}  // namespace aiopyr::plugin

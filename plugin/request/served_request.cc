#include <chrono>
#include <cstdint>
#include <utility>

#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>

namespace aiopyr::plugin {

namespace {

std::uint64_t microseconds(Duration time) noexcept {
  using std::chrono::duration_cast;
  return static_cast<std::uint64_t>(duration_cast<std::chrono::microseconds>(time).count());
}

bool has_begun_to_write(const wsgi_request& request) noexcept {
  return request.headers_size + request.response_size + request.write_pos > 0;
}

}  // namespace

void ServedRequest::begin(std::unique_ptr<ClientConnection> connection, bool reads_body) noexcept {
  connection_ = std::move(connection);
  reading.begin(*connection_, reads_body);
  request.start_of_request = uwsgi_micros() - microseconds(connection_->arrival().queued);
  request.start_of_request_in_sec = request.start_of_request / 1'000'000;
}

void ServedRequest::begin_on(Fiber& fiber) noexcept {
  deadline.begin(fiber);
  notes = {};
  notes.queue_time = connection_->arrival().queued;
}

void ServedRequest::drop_connection() noexcept {
  ClientStream& stream = connection_->stream();
  if (!stream.is_lent()) {
    stream.transport().cut_off();
  } else if (request.write_errors > 0 && request.fd_closed == 0 && has_begun_to_write(request)) {
    reset_at_close(stream.fd());
  }
  connection_ = nullptr;
}

std::pair<std::unique_ptr<ClientConnection>, Ending> ServedRequest::release() noexcept {
  reading.end_body();
  return {std::move(connection_), std::exchange(ending_, ending::ByUwsgi{})};
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>
#include <string>

#include <aiopyr/plugin/failures/exception_hooks.h>
#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/metrics/metrics.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/uwsgi_environ.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/http1/chunked_decoder.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// The most bytes of a body that are read from uWSGI at a time.
constexpr std::size_t kReadSize = std::size_t{64} * 1024;

/// The most bytes of a chunked body, whose chunks may be one byte long, that are parsed before
/// other connections of the loop get their turn.
constexpr std::size_t kChunkedReadSize = std::size_t{16} * 1024;

std::string_view view(const iovec& part) noexcept {
  return {static_cast<const char*>(part.iov_base), part.iov_len};
}

std::string too_large(std::size_t limit) {
  return "The request body is larger than " + std::to_string(limit) + " bytes.";
}

/// Ends the wait for a body in its destructor, whether it could be read or not.
class BodyEnd {
 public:
  BodyEnd() noexcept = default;
  ~BodyEnd() { current_request().reading.end_body(); }
  BodyEnd(const BodyEnd&) = delete;
  BodyEnd& operator=(const BodyEnd&) = delete;
};

/// Throws by the reason why the wait ended: the fiber was cancelled, the client was slow, or it
/// went.
[[noreturn]] void throw_read_failure(const wsgi_request& request) {
  if (Fiber::current()->is_cancelled()) throw CancelledError();
  if (request.async_timed_out != 0) {
    throw HTTPRequestTimeout("The request body did not arrive in time.");
  }
  // A file in which `post-buffering` has kept the body: its end is written when it is rewound.
  if (request.post_file != nullptr)
    throw Error("the request's body was not kept whole: disk full?");
  throw ClientDisconnected("the client went away while it sent its request");
}

}  // namespace

std::string_view UwsgiEnviron::get(std::string_view name) const { return variables_.find(name); }

void UwsgiEnviron::for_each(
    const std::function<void(std::string_view, std::string_view)>& f) const {
  for (int i = 0; i + 1 < request_.var_cnt; i += 2)
    f(view(request_.hvec[i]), view(request_.hvec[i + 1]));
}

/// Returns whether the body is in chunks. A web server that has removed the chunks gives the
/// length, but passes the header on too; on our own HTTP sockets no request has both.
bool UwsgiEnviron::is_chunked() const {
  return ascii_iequals(get("HTTP_TRANSFER_ENCODING"), "chunked") && get("CONTENT_LENGTH").empty();
}

bool UwsgiEnviron::has_unread_body() const noexcept {
  return !body_ && (is_chunked() || request_.post_cl > request_.post_pos);
}

std::string_view UwsgiEnviron::read_body(std::size_t limit) {
  if (body_) return *body_;
  if (body_failed_) throw ClientDisconnected("the request's body could not be read before");
  body_failed_ = true;
  const BodyEnd end;
  std::string body;
  if (is_chunked()) {
    body = read_chunked_body(limit);
  } else {
    body = read_sized_body(limit);
  }
  body_ = std::move(body);
  return *body_;
}

std::string UwsgiEnviron::read_sized_body(std::size_t limit) {
  const std::size_t length = request_.post_cl;
  if (length > limit) throw HTTPRequestEntityTooLarge(too_large(limit));
  if (length == 0) return {};
  const ClientPace::Scope paced(current_request().pace, FdEvents::kRead);
  invite_body();
  std::string body;
  body.reserve(length);
  while (body.size() < length) {
    ssize_t count = 0;
    request_.async_timed_out = 0;
    const char* part = uwsgi_request_body_read(
        &request_, static_cast<ssize_t>(std::min(kReadSize, length - body.size())), &count);
    if (part == nullptr || part == uwsgi.empty || count <= 0) throw_read_failure(request_);
    body.append(part, static_cast<std::size_t>(count));
  }
  return body;
}

std::string UwsgiEnviron::read_chunked_body(std::size_t limit) {
  const ClientPace::Scope paced(current_request().pace, FdEvents::kRead);
  invite_body();
  std::string body;
  ChunkedDecoder decoder;
  const auto buffer = std::make_unique<char[]>(kChunkedReadSize);
  for (;;) {
    std::string_view input(buffer.get(), read_raw({buffer.get(), kChunkedReadSize}));
    for (;;) {
      const auto [status, data] = decoder.next(input);
      if (status == ChunkedDecoder::Status::kEnd) {
        put_back(input);
        return body;
      }
      if (status == ChunkedDecoder::Status::kError) {
        throw HTTPBadRequest("The chunked request body is malformed.");
      }
      if (status == ChunkedDecoder::Status::kMore) break;
      if (data.size() > limit - body.size()) throw HTTPRequestEntityTooLarge(too_large(limit));
      body.append(data);
      current_request().pace.note_progress(data.size());
    }
    if (!sleep_on_fiber(Duration::zero())) throw CancelledError();
  }
}

/// Puts bytes back into the buffer of the head; uWSGI's variables are a copy of that.
void UwsgiEnviron::put_back(std::string_view input) noexcept {
  if (input.empty()) return;
  if (request_.proto_parser_remains > 0) {
    // The bytes were read from there, and more unread ones follow.
    request_.proto_parser_remains_buf =
        static_cast<char*>(request_.proto_parser_remains_buf) - input.size();
    request_.proto_parser_remains += input.size();
    return;
  }
  lost_input_ = input.size() > uwsgi.buffer_size;
  if (lost_input_) return;
  if (request_.proto_parser_buf == nullptr) request_.proto_parser_buf = take_read_buffer();
  std::copy(input.begin(), input.end(), static_cast<char*>(request_.proto_parser_buf));
  request_.proto_parser_remains_buf = request_.proto_parser_buf;
  request_.proto_parser_remains = input.size();
}

/// Reads bytes of the body as they were sent, waiting for the first. Throws if none arrive.
std::size_t UwsgiEnviron::read_raw(std::span<char> buffer) {
  const int timeout =
      uwsgi.chunked_input_timeout > 0 ? uwsgi.chunked_input_timeout : uwsgi.socket_timeout;
  request_.async_timed_out = 0;
  for (;;) {
    errno = 0;
    const ssize_t count = request_.socket->proto_read_body(&request_, buffer.data(), buffer.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) throw_read_failure(request_);
    if (uwsgi.wait_read_hook(request_.fd, timeout) <= 0) throw_read_failure(request_);
  }
}

/// Invites the body: clients such as curl wait with a large one until they are told to continue
/// (RFC 9110 section 10.1.1), and uWSGI's own HTTP sockets never do so.
void UwsgiEnviron::invite_body() {
  if (!traits_of(*request_.socket).is_http || !ascii_iequals(get("HTTP_EXPECT"), "100-continue"))
    return;
  if (get("SERVER_PROTOCOL") == "HTTP/1.0") return;
  if (request_.proto_parser_remains > 0) return;  // it did not wait
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  request_.socket->proto_write(&request_, const_cast<char*>(kContinue.data()), kContinue.size());
  request_.write_pos = 0;
}

void UwsgiEnviron::set_timeout(double seconds) {
  static_cast<void>(Loop::require("a request's set_timeout"));
  // Not the current fiber: a coroutine calls this from no fiber.
  served_request_of(request_).deadline.set(seconds);
}

std::string UwsgiEnviron::metrics_text() const { return write_metrics(); }

NativeWebsocket* UwsgiEnviron::native_websocket() {
  if (!websocket_) websocket_ = std::make_unique<UwsgiWebsocket>(request_);
  return websocket_.get();
}

bool UwsgiEnviron::report_exception(std::string_view where,
                                    const std::exception_ptr& error) noexcept {
  try {
    failure_ = std::make_unique<Failure>(describe_failure(error));
    log_failure("ERROR: " + std::string(where), *failure_);
    manage_exception(request_, *failure_);
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace aiopyr::plugin

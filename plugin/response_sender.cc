#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/keep_alive.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/response_sender.h>
#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/taken_connection.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_environ.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// The longest body that a connection's send buffer has room for when it is new.
constexpr std::size_t kAlwaysTaken = std::size_t{8} << 10U;

void require(bool written) {
  if (written) return;
  if (Fiber::current()->is_cancelled()) throw CancelledError();
  throw ClientDisconnected("the client went away before it had its response");
}

/// Sends the rest from this fiber, which waits for the client at its pace.
OutgoingBody::Progress send_on_fiber(OutgoingBody& body) {
  const Loop& loop = Fiber::current()->loop();
  Pace pace;
  pace.begin(options().write_timeout, loop.now(), body.delivered());
  for (;;) {
    const Duration left = pace.end(loop.now(), body.delivered()) - loop.now();
    if (left <= Duration::zero()) return OutgoingBody::Progress::kFailed;
    const auto waited = wait_for_fd_on_fiber(body.fd(), body.wanted(), left);
    if (waited == FdWaitResult::kCancelled) return OutgoingBody::Progress::kFailed;
    if (waited == FdWaitResult::kTimeout) continue;
    const auto progress = body.send_some();
    if (progress != OutgoingBody::Progress::kSome) return progress;
  }
}

/// A connection that this response is written to directly, and what comes after that.
class DirectWrite {
 public:
  DirectWrite(wsgi_request& request, bool keep) : request_(request) {
    if (keep) next_ = current_request_fiber().next_request();
  }

  [[nodiscard]] std::unique_ptr<Transport> connection() {
    return next_ ? next_->lend() : take_connection(request_);
  }

  /// Where the client does not take all of it now, the core and the fiber do not wait for it, as
  /// long as there is room to keep it.
  void send(OutgoingBody body, std::size_t length) {
    auto progress = body.send_some();
    if (progress == OutgoingBody::Progress::kSome) {
      if (auto room = ResponseTails::current()->take_room(body.memory())) {
        body.keep(std::move(room));
      } else {
        progress = send_on_fiber(body);
      }
    }
    require(progress != OutgoingBody::Progress::kFailed);
    request_.response_size += length;
    if (progress == OutgoingBody::Progress::kSome) {
      leave(std::move(body));
    } else if (next_) {
      next_->take_back(body.release());
      current_request_fiber().set_aside(std::move(*next_));
    } else {
      close_after_request(body.release());
    }
  }

 private:
  void leave(OutgoingBody body) {
    Upgrade upgrade;
    upgrade.take_over = [body = std::make_shared<OutgoingBody>(std::move(body)),
                         next = std::make_shared<std::optional<UnfinishedRequest>>(
                             std::move(next_))](std::unique_ptr<Transport>, const std::string&) {
      ResponseTails::current()->add(std::move(*body), std::move(*next));
    };
    current_request_fiber().set_upgrade(std::move(upgrade));
  }

  wsgi_request& request_;
  std::optional<UnfinishedRequest> next_;
};

/// Whether what is written to the connection is what the client gets: no other protocol around it,
/// no transformation of uWSGI's, no thread of its that is asked to send files.
bool writes_itself(const wsgi_request& request) noexcept {
  return can_be_taken(*request.socket) && request.transformations == nullptr &&
         request.ignore_body == 0 && uwsgi.offload_threads == 0;
}

void send_file(wsgi_request& request, const Response& response, bool keep) {
  require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  const auto& file = response.file_body();
  const std::size_t length = response.content_length();
  // uWSGI takes a length of 0 for the whole file.
  if (length == 0) return;
  if (!writes_itself(request)) {
    require(uwsgi_response_sendfile_do_can_close(&request, file->fd(), response.file_offset(),
                                                 length, 0) == UWSGI_OK);
    return;
  }
  const bool plain = request.ssl == nullptr;
  DirectWrite direct(request, keep);
  direct.send(OutgoingBody(direct.connection(), file, response.file_offset(), length, plain),
              length);
}

void send_body(wsgi_request& request, Response& response, bool keep) {
  if (response.file_body()) {
    send_file(request, response, keep);
    return;
  }
  const std::size_t length = response.body().size();
  if (length <= kAlwaysTaken) {
    // Headers and body leave in one write.
    require((length == 0 ? uwsgi_response_write_headers_do(&request)
                         : uwsgi_response_write_body_do(&request, chars(response.body()),
                                                        length)) == UWSGI_OK);
    return;
  }
  require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  if (writes_itself(request)) {
    DirectWrite direct(request, keep);
    direct.send(OutgoingBody(direct.connection(), response.take_body()), length);
  } else {
    require(uwsgi_response_write_body_do(&request, chars(response.body()), length) == UWSGI_OK);
  }
}

void send_upgrade(wsgi_request& request, Response response) {
  if (!can_be_taken(*request.socket)) {
    throw Error("a connection cannot be upgraded on a socket of protocol " +
                std::string(protocol_of(*request.socket)) + ": use an http, https or uwsgi socket");
  }
  require(write_head(request, response, {}));
  require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  Upgrade upgrade;
  if (request.proto_parser_remains > 0) {
    upgrade.leftover.assign(static_cast<const char*>(request.proto_parser_remains_buf),
                            request.proto_parser_remains);
  }
  upgrade.take_over = std::move(response.on_upgrade);
  upgrade.transport = take_connection(request);
  current_request_fiber().set_upgrade(std::move(upgrade));
}

}  // namespace

void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response,
                   bool head_only) {
  if (response.on_upgrade) {
    send_upgrade(request, std::move(response));
    return;
  }
  const ClientPace pace(current_request_fiber(), FdEvents::kWrite);
  const Persistence persistence = persistence_of(request, environ, response);
  require(write_head(request, response, persistence.connection));
  if (head_only) {
    require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  } else {
    send_body(request, response, persistence.keep);
  }
  release_head(request);
  if (request.fd_closed != 0) return;
  if (persistence.keep) {
    RequestFiber& fiber = current_request_fiber();
    fiber.set_aside(fiber.next_request());
  } else if (can_be_taken(*request.socket) &&
             (persistence.surprises || environ.has_unread_body())) {
    close_after_request(take_connection(request));
  }
}

}  // namespace aiopyr::plugin

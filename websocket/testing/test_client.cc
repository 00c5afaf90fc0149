#include <array>
#include <cerrno>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/testing/turn_until.h>
#include <aiopyr/runtime/web/url/url.h>
#include <aiopyr/websocket/protocol/handshake.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/testing/test_client.h>
#include <aiopyr/websocket/testing/uwsgi_engine.h>

namespace aiopyr::testing {

namespace {

/// The key of the example in RFC 6455 section 1.3.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

/// How long, in the loop's time, an app may take to answer a handshake.
constexpr Duration kHandshakeTimeout = std::chrono::hours(24);

std::array<int, 2> make_stream() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return fds;
}

/// The app's end of the stream; records when the app has closed it.
class WatchedTransport final : public Transport {
 public:
  WatchedTransport(int fd, std::shared_ptr<bool> is_gone) noexcept
      : stream_(fd), is_gone_(std::move(is_gone)) {}
  ~WatchedTransport() override { *is_gone_ = true; }
  WatchedTransport(const WatchedTransport&) = delete;
  WatchedTransport& operator=(const WatchedTransport&) = delete;

  Result read(std::span<std::byte> buffer) noexcept override { return stream_.read(buffer); }
  Result write(std::span<const iovec> buffers) noexcept override { return stream_.write(buffers); }
  void shutdown_write() noexcept override { stream_.shutdown_write(); }
  void disown() noexcept override { stream_.disown(); }
  [[nodiscard]] int fd() const noexcept override { return stream_.fd(); }

 private:
  SocketTransport stream_;
  std::shared_ptr<bool> is_gone_;
};

struct UpgradedPeer final : WebsocketPeer {
  explicit UpgradedPeer(std::shared_ptr<bool> gone) : gone_(std::move(gone)) {}
  [[nodiscard]] bool is_gone() const override { return *gone_; }
  std::shared_ptr<bool> gone_;
};

struct UwsgiPeer final : WebsocketPeer {
  explicit UwsgiPeer(TaskHandle<Response> handle) : task(std::move(handle)) {}
  [[nodiscard]] bool is_gone() const override { return task.is_done(); }
  TaskHandle<Response> task;
};

/// The upgrade request, and the server's engine for it.
class UpgradeEnviron final : public BlankEnviron {
 public:
  UpgradeEnviron(BlankEnviron request, int fd) : BlankEnviron(std::move(request)), engine(fd) {}
  NativeWebsocket* native_websocket() override { return &engine; }

  UwsgiEngine engine;
};

BlankOptions upgrade_options(WebsocketRequest request) {
  BlankOptions options;
  options.headers = std::move(request.headers);
  options.headers.set("Upgrade", "websocket");
  options.headers.set("Connection", "Upgrade");
  options.headers.set("Sec-WebSocket-Key", kKey);
  options.headers.set("Sec-WebSocket-Version", "13");
  if (!request.subprotocols.empty()) {
    options.headers.set("Sec-WebSocket-Protocol", join(request.subprotocols, ", "));
  }
  if (!request.origin.empty()) options.headers.set("Origin", request.origin);
  return options;
}

/// Returns the answer of the server's engine, which the app does not have.
Response uwsgi_answer(const UwsgiEngine& engine) {
  Response response(std::string(), 101);
  response.headers().set("Upgrade", "websocket");
  response.headers().set("Connection", "Upgrade");
  response.headers().set("Sec-WebSocket-Accept", websocket::accept_key(kKey));
  if (!engine.subprotocol().empty()) {
    response.headers().set("Sec-WebSocket-Protocol", engine.subprotocol());
  }
  return response;
}

/// Answers on a fiber of its own, as long as the engine's websocket is open.
TaskHandle<Response> begin(AppUnderTest& app, const std::shared_ptr<UpgradeEnviron>& environ) {
  return spawn(spawn_fiber([&app, environ]() -> Response {
    try {
      return app.answer_on_fiber(*environ);
    } catch (const WebsocketClosed& closed) {
      if (closed.cause()) app.add_to_log("WebsocketClosed, because of " + describe(closed.cause()));
      return Response(std::string(), 101);
    }
  }));
}

}  // namespace

TestClient::TestClient(const AppUnderTest::Make& make, Settings settings, TestClientOptions options,
                       FromMake)
    : AppOwner{std::make_unique<AppUnderTest>(
          make,
          AppOptions{std::move(settings), std::move(options.app_folder), options.use_real_time})},
      HttpClient(*own_app, std::move(options.base_url)) {}

TestWebsocket TestClient::websocket(std::string_view url, WebsocketRequest request) {
  std::string whole(url);
  if (!request.params.empty()) whole += "?" + url_encode(request.params);
  const BlankOptions options = upgrade_options(std::move(request));
  const TestResponse::Asked asked{"GET", whole, options};

  const auto [client_fd, app_fd] = make_stream();
  auto stream = std::make_unique<ClientStream>(loop(), client_fd);
  const auto environ = std::make_shared<UpgradeEnviron>(make_environ(whole, options), app_fd);
  auto task = begin(*own_app, environ);
  const bool answered = turn_until(loop(), kHandshakeTimeout,
                                   [&] { return task.is_done() || environ->engine.is_open(); });
  if (!answered) throw TimeoutError("the app does not answer the handshake for " + whole);

  if (environ->engine.is_open()) {
    return {loop(), TestResponse(uwsgi_answer(environ->engine), asked), std::move(stream),
            std::make_unique<UwsgiPeer>(std::move(task))};
  }
  Response response = task.result();
  keep_cookies(response, whole);
  if (!response.on_upgrade) {
    return {loop(), TestResponse(std::move(response), asked), nullptr, nullptr};
  }
  if (response.headers().get("Sec-WebSocket-Accept", "") != websocket::accept_key(kKey)) {
    throw Error("the 101 for " + whole + " does not accept the handshake's key");
  }
  auto gone = std::make_shared<bool>(false);
  response.on_upgrade(std::make_unique<WatchedTransport>(environ->engine.release(), gone), {});
  return {loop(), TestResponse(std::move(response), asked), std::move(stream),
          std::make_unique<UpgradedPeer>(std::move(gone))};
}

}  // namespace aiopyr::testing

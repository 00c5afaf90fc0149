#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/testing/test_response.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/testing/client_stream.h>

namespace aiopyr::testing {

/// The app's side of a websocket, as its client sees it; made by TestClient.
struct WebsocketPeer {
  virtual ~WebsocketPeer() = default;
  /// Returns whether the app has released the stream.
  [[nodiscard]] virtual bool is_gone() const = 0;
};

/// A websocket to an app in this process: returned by TestClient::websocket(). The handshake is
/// over; if the app has refused it, response() has the reason, and nothing can be sent.
///
///     auto ws = client.websocket("/echo");
///     ws.send("hello");
///     CHECK(ws.receive() == "hello");
///     ws.close();
///
/// Used on the client's thread, in the root context; the client must outlive it. While a call
/// waits, the app gets its turns; time is the loop's. Destroyed while it is open, it closes without
/// a close frame.
class TestWebsocket {
 public:
  TestWebsocket(Loop& loop, TestResponse response, std::unique_ptr<ClientStream> stream,
                std::unique_ptr<WebsocketPeer> peer);
  TestWebsocket(TestWebsocket&&) = default;
  TestWebsocket& operator=(TestWebsocket&&) = delete;
  ~TestWebsocket();

  /// Returns the answer to the handshake: a 101, or the refusal.
  [[nodiscard]] const TestResponse& response() const noexcept { return response_; }
  /// Returns the subprotocol that the app has chosen; empty if there is none.
  [[nodiscard]] std::string_view subprotocol() const noexcept {
    return response_.header("Sec-WebSocket-Protocol");
  }
  /// Returns whether messages can be sent: an app's close is noticed when it is received.
  [[nodiscard]] bool is_open() const noexcept { return stream_ && stream_->is_open(); }

  // Each of these throws Error on a websocket that was refused.

  /// Sends a text, or Message::binary(). Throws Error once it is closed.
  void send(const Message& message);
  void send_json(const Json& value);
  /// Sends a ping; its pong is in pongs() once something else is received.
  void ping(std::string_view payload = {});
  [[nodiscard]] const std::string& pongs() const;

  /// Returns the next message; nullopt once the app has closed, or is gone. Throws TimeoutError if
  /// none comes within `timeout`.
  std::optional<Message> receive(Duration timeout = kPatience);
  /// Returns the next message as text or JSON. Throws Error if there is none.
  std::string receive_text(Duration timeout = kPatience);
  Json receive_json(Duration timeout = kPatience);

  /// Closes in order, and waits until the app has closed too; messages that still come are dropped.
  void close(std::uint16_t code = 1000, std::string_view reason = {}, Duration timeout = kPatience);
  /// Closes without a close frame, as a browser that crashes, and lets the app notice.
  void vanish();

  /// Returns the code of the app's close frame: 1005 if it had no code, 1006 if there was none.
  [[nodiscard]] std::uint16_t close_code() const noexcept;
  [[nodiscard]] std::string_view close_reason() const noexcept;

  static constexpr Duration kPatience = std::chrono::seconds(10);

 private:
  [[nodiscard]] ClientStream& stream() const;
  void settle();

  Loop* loop_;
  TestResponse response_;
  std::unique_ptr<ClientStream> stream_;  // null if it was refused
  std::unique_ptr<WebsocketPeer> peer_;
};

}  // namespace aiopyr::testing

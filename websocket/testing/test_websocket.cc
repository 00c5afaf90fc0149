#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/testing/turn_until.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/testing/test_websocket.h>

namespace aiopyr::testing {

TestWebsocket::TestWebsocket(Loop& loop, TestResponse response,
                             std::unique_ptr<ClientStream> stream,
                             std::unique_ptr<WebsocketPeer> peer)
    : loop_(&loop),
      response_(std::move(response)),
      stream_(std::move(stream)),
      peer_(std::move(peer)) {}

TestWebsocket::~TestWebsocket() = default;

ClientStream& TestWebsocket::stream() const {
  if (stream_) return *stream_;
  throw Error("the websocket " + response_.url() + " was refused: " + response_.status() + ": " +
              response_.body().substr(0, 500));
}

/// Lets the app finish its work for a closed websocket.
void TestWebsocket::settle() {
  turn_until(*loop_, kPatience, [&] { return peer_->is_gone(); });
  for (int turn = 0; turn < 4; ++turn) loop_->run_once(false);
}

void TestWebsocket::send(const Message& message) {
  stream().send(message.opcode(), message.view());
}

void TestWebsocket::send_json(const Json& value) { send(Message(value.dump())); }

void TestWebsocket::ping(std::string_view payload) { stream().ping(payload); }

const std::string& TestWebsocket::pongs() const { return stream().pongs(); }

std::optional<Message> TestWebsocket::receive(Duration timeout) {
  auto message = stream().receive(timeout);
  if (!message) settle();
  return message;
}

std::string TestWebsocket::receive_text(Duration timeout) {
  auto message = receive(timeout);
  if (!message) throw Error("the app has closed the websocket: " + std::to_string(close_code()));
  return std::move(*message).str();
}

Json TestWebsocket::receive_json(Duration timeout) {
  const std::string text = receive_text(timeout);
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) throw Error("the message is not JSON: " + text.substr(0, 500));
  return value;
}

void TestWebsocket::close(std::uint16_t code, std::string_view reason, Duration timeout) {
  stream().close(code, reason, timeout);
  settle();
}

void TestWebsocket::vanish() {
  stream().vanish();
  settle();
}

std::uint16_t TestWebsocket::close_code() const noexcept {
  return stream_ ? stream_->closing().code() : std::uint16_t{websocket::kAbnormalClosure};
}

std::string_view TestWebsocket::close_reason() const noexcept {
  return stream_ ? stream_->closing().reason() : std::string_view();
}

}  // namespace aiopyr::testing

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/protocol/closing.h>
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::testing {

/// The client's end of a websocket: the frame protocol (RFC 6455), masked, over a stream to an app
/// on the loop of the same thread, which gets its turns while the client waits. In the root
/// context, outside of the loop's turns.
class ClientStream {
 public:
  /// Takes over the descriptor of a non-blocking stream.
  ClientStream(Loop& loop, int fd) noexcept : loop_(loop), fd_(fd) {}
  ~ClientStream() { vanish(); }
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  /// Sends a message. Throws Error once either side has closed.
  void send(websocket::Opcode type, std::string_view payload);
  void ping(std::string_view payload);

  /// Returns the next message; nullopt once the app has closed or gone. Answers pings on the way.
  /// Throws TimeoutError if none comes within `timeout` of the loop's time, Error if the app breaks
  /// the protocol.
  std::optional<Message> receive(Duration timeout);

  /// Performs the closing handshake: sends a close frame, drops the messages that still come, and
  /// waits for the app's close frame. Does nothing the second time.
  void close(std::uint16_t code, std::string_view reason, Duration timeout);

  /// Closes without a close frame, as a browser that crashes.
  void vanish() noexcept;

  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0 && closing_.may_send(); }
  [[nodiscard]] const websocket::ClosingHandshake& closing() const noexcept { return closing_; }
  /// Returns the payloads of the pongs that came, concatenated.
  [[nodiscard]] const std::string& pongs() const noexcept { return pongs_; }

 private:
  [[nodiscard]] std::optional<Message> next_message();
  [[nodiscard]] std::optional<Message> handle(const websocket::Incoming& incoming);
  void read();
  void write(std::string_view bytes);
  void answer_close();

  Loop& loop_;
  int fd_;
  websocket::Receiver receiver_{
      {.role = websocket::Role::kClient, .max_message_size = std::uint64_t{1} << 30U}};
  websocket::ClosingHandshake closing_;
  std::string input_;
  std::size_t used_ = 0;  // bytes of input_ that were processed
  bool at_end_ = false;   // the app has ended its side
  std::string pongs_;
};

}  // namespace aiopyr::testing

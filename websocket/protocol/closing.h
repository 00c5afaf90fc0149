#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The closing handshake: RFC 6455 section 7.1. Who closed, with what, and what is still allowed.
///
/// Used by one connection, in its context; owns copies of the reasons. It only keeps the books:
/// frames are made and read by sender.h and receiver.h. As long as nobody closes it is two words.
namespace aiopyr::websocket {

/// What a close frame said. The code is kNoStatusReceived (1005) where it carried none.
struct CloseFrame {
  std::uint16_t code = 0;
  std::string reason;

  bool operator==(const CloseFrame&) const = default;
};

class ClosingHandshake {
 public:
  /// A close frame goes out. False where one did already: then none may be sent again.
  [[nodiscard]] bool on_sent(std::uint16_t code, std::string_view reason);

  /// A close frame came in. True where it has to be answered: with its own code (section 5.5.1),
  /// with an empty close frame where it had none. Call on_sent() for the answer.
  [[nodiscard]] bool on_received(std::uint16_t code, std::string_view reason);

  /// Whether data and pings may be sent: nothing may follow our close frame.
  [[nodiscard]] bool may_send() const noexcept { return !frames_ || !frames_->sent; }

  /// Both close frames were exchanged; the server then closes the connection (section 7.1.1).
  [[nodiscard]] bool done() const noexcept { return sent() && received(); }

  [[nodiscard]] const std::optional<CloseFrame>& sent() const noexcept { return frames().sent; }
  [[nodiscard]] const std::optional<CloseFrame>& received() const noexcept {
    return frames().received;
  }

  /// Whether the peer's close frame was seen before ours was sent. False also where there is none.
  [[nodiscard]] bool peer_closed_first() const noexcept { return peer_closed_first_; }

  /// The code of the connection (section 7.1.5): the one received, kAbnormalClosure (1006) where
  /// the connection was lost without a close frame from the peer.
  [[nodiscard]] std::uint16_t code() const noexcept;

  /// Likewise the reason (section 7.1.6); empty where none was received.
  [[nodiscard]] std::string_view reason() const noexcept;

  /// The code of the close frame that was first, the peer's or ours: what the connection ended for.
  /// kAbnormalClosure (1006) where there was none.
  [[nodiscard]] std::uint16_t first_code() const noexcept;

 private:
  struct Frames {
    std::optional<CloseFrame> sent;
    std::optional<CloseFrame> received;
  };

  /// For reading; an open connection has none of its own.
  [[nodiscard]] const Frames& frames() const noexcept;
  /// For writing.
  [[nodiscard]] Frames& own_frames();

  std::unique_ptr<Frames> frames_;
  bool peer_closed_first_ = false;
};

}  // namespace aiopyr::websocket

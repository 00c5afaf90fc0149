#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The state of the closing handshake (RFC 6455 section 7.1): the close frames of both sides, and
/// what may still be sent.
///
/// Used by one connection, in its context; owns copies of the reasons. It only records: sender.h
/// and receiver.h make and read the frames. Before either side closes it takes two words of memory.
namespace aiopyr::websocket {

/// The contents of a close frame. The code is kNoStatusReceived (1005) if it carried none.
struct CloseFrame {
  std::uint16_t code = 0;
  std::string reason;

  bool operator==(const CloseFrame&) const = default;
};

class ClosingHandshake {
 public:
  /// Records a close frame that is sent. Returns false if one was sent already: then none may be
  /// sent again.
  [[nodiscard]] bool on_sent(std::uint16_t code, std::string_view reason);

  /// Records a received close frame. Returns true if it has to be answered: with its own code
  /// (section 5.5.1), with an empty close frame if it had none. Call on_sent() for the answer.
  [[nodiscard]] bool on_received(std::uint16_t code, std::string_view reason);

  /// Returns whether data and pings may be sent: nothing may follow our close frame.
  [[nodiscard]] bool may_send() const noexcept { return !frames_ || !frames_->sent; }

  /// Returns whether both close frames were exchanged; the server then closes the connection
  /// (section 7.1.1).
  [[nodiscard]] bool done() const noexcept { return sent() && received(); }

  [[nodiscard]] const std::optional<CloseFrame>& sent() const noexcept { return frames().sent; }
  [[nodiscard]] const std::optional<CloseFrame>& received() const noexcept {
    return frames().received;
  }

  /// Returns whether the peer's close frame was seen before ours was sent. False if there is none.
  [[nodiscard]] bool peer_closed_first() const noexcept { return peer_closed_first_; }

  /// Returns the code of the connection (section 7.1.5): the one received, or kAbnormalClosure
  /// (1006) if the connection was lost without a close frame from the peer.
  [[nodiscard]] std::uint16_t code() const noexcept;

  /// Returns the reason (section 7.1.6); empty if none was received.
  [[nodiscard]] std::string_view reason() const noexcept;

  /// Returns the code of the first close frame, the peer's or ours: the reason why the connection
  /// ended. kAbnormalClosure (1006) if there was none.
  [[nodiscard]] std::uint16_t first_code() const noexcept;

 private:
  struct Frames {
    std::optional<CloseFrame> sent;
    std::optional<CloseFrame> received;
  };

  /// Returns the frames for reading; an open connection has none of its own.
  [[nodiscard]] const Frames& frames() const noexcept;
  /// Returns the frames for writing.
  [[nodiscard]] Frames& own_frames();

  std::unique_ptr<Frames> frames_;
  bool peer_closed_first_ = false;
};

}  // namespace aiopyr::websocket

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/websocket/protocol/frame.h>
#include <aiopyr/websocket/protocol/mask.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The sending side, without I/O: whole frames appended to an output buffer.
///
/// Pure functions over the caller's buffer, for any thread. A server omits `mask`; a client gives a
/// fresh, unpredictable one for each frame (RFC 6455 section 5.3). To send a large payload without
/// a copy, use encode_header() and two buffers of a writev.
namespace aiopyr::websocket {

using OptionalMask = std::optional<MaskKey>;

/// The most bytes of a reason: a control frame's payload without the code (section 5.5.1).
inline constexpr std::size_t kMaxCloseReason = kMaxControlPayload - 2;

/// Appends one frame. Sets the length of `header` to the payload's.
void append_frame(std::string& out, FrameHeader header, std::string_view payload);

/// Appends a message of one frame. `type` is kText (then payload is UTF-8, see is_valid_utf8) or
/// kBinary; `rsv` are the bits of an extension.
void append_message(std::string& out, Opcode type, std::string_view payload, OptionalMask mask = {},
                    std::uint8_t rsv = 0);

/// Append a control frame. Return false, and append nothing, above 125 bytes.
[[nodiscard]] bool append_ping(std::string& out, std::string_view payload, OptionalMask mask = {});
[[nodiscard]] bool append_pong(std::string& out, std::string_view payload, OptionalMask mask = {});

/// Appends a close frame. Returns false, and appends nothing, if `code` may not be on the wire. The
/// reason goes through fit_close_reason().
[[nodiscard]] bool append_close(std::string& out, std::uint16_t code, std::string_view reason = {},
                                OptionalMask mask = {});

/// Appends a close frame without a code.
void append_empty_close(std::string& out, OptionalMask mask = {});

/// Returns the part of `reason` that a close frame can carry: at most 123 bytes, cut between two
/// characters; empty if it is not UTF-8, which the peer would treat as an error.
[[nodiscard]] std::string_view fit_close_reason(std::string_view reason) noexcept;

/// Makes the headers of one message sent in several frames (section 5.4). Between two of them only
/// control frames may be sent. A text may be cut anywhere.
class FragmentedMessage {
 public:
  /// `type` is kText or kBinary; `rsv` are the bits of an extension.
  explicit FragmentedMessage(Opcode type, std::uint8_t rsv = 0) noexcept
      : opcode_{type}, rsv_{rsv} {}

  /// Appends the next frame; `last` ends the message. Requires !done().
  void append(std::string& out, std::string_view payload, bool last, OptionalMask mask = {});

  /// Returns the header of the next frame, for a payload of `length` bytes. Requires !done().
  [[nodiscard]] FrameHeader next(std::uint64_t length, bool last, OptionalMask mask = {}) noexcept;

  [[nodiscard]] bool done() const noexcept { return done_; }

 private:
  Opcode opcode_;
  std::uint8_t rsv_;
  bool done_ = false;
};

}  // namespace aiopyr::websocket

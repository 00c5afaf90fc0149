#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>
#include <aiopyr/websocket/protocol/deflate/deflater.h>
#include <aiopyr/websocket/protocol/deflate/inflater.h>

namespace aiopyr::websocket {

/// permessage-deflate (RFC 7692) on one connection where it was agreed on: both directions.
///
/// Owned by the connection and used in its context. The receiver undoes the peer's side with
/// inflater(). It holds no memory but the windows of context takeover; what compresses a single
/// message is shared by all connections of the thread.
class Compression {
 public:
  /// Connections that have them in common can send the same frame.
  struct Settings {
    detail::DeflateSettings deflate;
    std::size_t min_size = 0;

    bool operator==(const Settings&) const = default;
  };

  Compression(const DeflateAgreement& agreed, const PermessageDeflate& options) noexcept;

  struct Encoded {
    std::string_view payload;
    std::uint8_t rsv = 0;  ///< kRsv1 where it is compressed
  };

  /// What a message's frame has to carry: itself where it is short, or does not become shorter.
  /// Valid as long as `payload` and until the next message of this thread is encoded.
  [[nodiscard]] Encoded encode(std::string_view payload);

  /// The same for one piece of a message in several frames, which come one behind the other. They
  /// are compressed whatever their size, or none of them is.
  [[nodiscard]] Encoded encode_piece(std::string_view piece, bool first, bool last);

  /// Likewise a whole message, but it refers to nothing before it: for all connections with these
  /// settings.
  [[nodiscard]] static Encoded encode_alone(const Settings& settings, std::string_view payload);
  /// Such a message is sent. The peer's window has it and ours does not, so the next one may not
  /// refer to what came before.
  void on_sent_alone() noexcept { deflater_.reset(); }

  [[nodiscard]] Settings settings() const noexcept { return {deflater_.settings(), min_size_}; }
  [[nodiscard]] Inflater& inflater() noexcept { return inflater_; }
  [[nodiscard]] const Deflater& deflater() const noexcept { return deflater_; }

 private:
  Inflater inflater_;
  Deflater deflater_;
  std::size_t min_size_;
  bool deflates_pieces_ = false;  // of the message that has begun
};

}  // namespace aiopyr::websocket

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>
#include <aiopyr/websocket/protocol/deflate/deflater.h>
#include <aiopyr/websocket/protocol/deflate/inflater.h>

namespace aiopyr::websocket {

/// The permessage-deflate (RFC 7692) of one connection that has negotiated it, for both directions.
///
/// Owned by the connection and used in its context. The receiver undoes the peer's side with
/// inflater(). It holds no memory except the windows of context takeover; the streams that compress
/// a single message are shared by all connections of the thread.
class Compression {
 public:
  /// The settings of compression. Connections with equal ones can send the same frame.
  struct Settings {
    detail::DeflateSettings deflate;
    std::size_t min_size = 0;

    bool operator==(const Settings&) const = default;
  };

  Compression(const DeflateAgreement& agreed, const PermessageDeflate& options) noexcept;

  struct Encoded {
    std::string_view payload;
    std::uint8_t rsv = 0;  ///< kRsv1 if it is compressed
  };

  /// Returns the payload of a message's frame: the original if it is short, or does not become
  /// shorter. Valid as long as `payload` and until the next message of this thread is encoded.
  [[nodiscard]] Encoded encode(std::string_view payload);

  /// Encodes one piece of a message in several frames; the pieces follow each other. All of them
  /// are compressed, whatever their size, or none.
  [[nodiscard]] Encoded encode_piece(std::string_view piece, bool first, bool last);

  /// Encodes a whole message that refers to nothing before it: for all connections with these
  /// settings.
  [[nodiscard]] static Encoded encode_alone(const Settings& settings, std::string_view payload);
  /// Called when such a message is sent. The peer's window includes it and ours does not, so the
  /// next one may not refer to anything before it.
  void on_sent_alone() noexcept { deflater_.reset(); }

  [[nodiscard]] Settings settings() const noexcept { return {deflater_.settings(), min_size_}; }
  [[nodiscard]] Inflater& inflater() noexcept { return inflater_; }
  [[nodiscard]] const Deflater& deflater() const noexcept { return deflater_; }

 private:
  Inflater inflater_;
  Deflater deflater_;
  std::size_t min_size_;
  bool deflates_pieces_ = false;  // whether the current message's pieces are compressed
};

}  // namespace aiopyr::websocket

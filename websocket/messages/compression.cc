#include <string>

#include <aiopyr/websocket/messages/compression.h>
#include <aiopyr/websocket/protocol/frame.h>

namespace aiopyr::websocket {
namespace {

constexpr std::size_t kLargestKept = std::size_t{256} * 1024;

/// Returns the thread's buffer for compression, emptied: it compresses one message after another.
std::string& cleared_scratch() {
  thread_local std::string scratch;
  scratch.clear();
  if (scratch.capacity() > kLargestKept) std::string().swap(scratch);
  return scratch;
}

detail::DeflateSettings settings_of(const DeflateAgreement& agreed,
                                    const PermessageDeflate& options) noexcept {
  return {agreed.server_window_bits, options.level, options.mem_level};
}

/// Returns the compressed payload, or the original if that is shorter: without context takeover a
/// peer may get either.
Compression::Encoded encode_with(Deflater& deflater, std::string_view payload) {
  std::string& compressed = cleared_scratch();
  if (!deflater.append(compressed, payload)) return {payload};
  const bool is_shorter = compressed.size() < payload.size();
  if (!is_shorter && !deflater.keeps_window()) return {payload};
  return {compressed, kRsv1};
}

}  // namespace

Compression::Compression(const DeflateAgreement& agreed, const PermessageDeflate& options) noexcept
    : inflater_(agreed.client_window_bits, !agreed.client_no_context_takeover),
      deflater_(settings_of(agreed, options), !agreed.server_no_context_takeover),
      min_size_(options.min_size) {}

Compression::Encoded Compression::encode(std::string_view payload) {
  if (payload.size() < min_size_) return {payload};
  return encode_with(deflater_, payload);
}

Compression::Encoded Compression::encode_piece(std::string_view piece, bool first, bool last) {
  std::string& compressed = cleared_scratch();
  if (first || deflates_pieces_) deflates_pieces_ = deflater_.append(compressed, piece, last);
  if (!deflates_pieces_) return {piece};
  return {compressed, first ? kRsv1 : std::uint8_t{0}};
}

Compression::Encoded Compression::encode_alone(const Settings& settings, std::string_view payload) {
  if (payload.size() < settings.min_size) return {payload};
  Deflater alone(settings.deflate, false);
  return encode_with(alone, payload);
}

}  // namespace aiopyr::websocket

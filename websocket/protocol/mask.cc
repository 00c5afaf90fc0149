#include <cstdint>
#include <cstring>

#include <aiopyr/websocket/protocol/mask.h>

namespace aiopyr::websocket {
namespace {

using Wide [[gnu::vector_size(16)]] = std::uint64_t;

// Loads and stores go through memcpy, as the data have any alignment.
template <typename Block>
void mask_block(std::byte* data, const Block& pattern) noexcept {
  Block block;
  std::memcpy(&block, data, sizeof block);
  block ^= pattern;
  std::memcpy(data, &block, sizeof block);
}

}  // namespace

void apply_mask(std::span<std::byte> data, MaskKey key, std::size_t offset) noexcept {
  std::array<std::byte, 8> repeated;
  for (std::size_t i = 0; i < repeated.size(); ++i) repeated[i] = key[(offset + i) % key.size()];
  std::uint64_t pattern = 0;
  std::memcpy(&pattern, repeated.data(), sizeof pattern);

  // Every step before the last is a multiple of the key's length, so the pattern needs no turning.
  std::byte* at = data.data();
  std::size_t left = data.size();
  const Wide wide = {pattern, pattern};
  for (; left >= sizeof wide; left -= sizeof wide, at += sizeof wide) mask_block(at, wide);
  for (; left >= 8; left -= 8, at += 8) mask_block(at, pattern);
  for (std::size_t i = 0; i < left; ++i) at[i] ^= repeated[i];
}

}  // namespace aiopyr::websocket

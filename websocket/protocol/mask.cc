#include <bit>
#include <cstdint>
#include <cstring>

#include <aiopyr/websocket/protocol/mask.h>

namespace aiopyr::websocket {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

using Wide [[gnu::vector_size(32)]] = std::uint64_t;

// The bytes of one step of the wide loop.
constexpr std::size_t kStep = 4 * sizeof(Wide);

// Masks one block. memcpy loads and stores it, as the data have any alignment.
template <typename Block>
[[gnu::always_inline]] inline void mask_block(const std::byte* from, std::byte* to,
                                              const Block& pattern, Block& seen) noexcept {
  Block block;
  std::memcpy(&block, from, sizeof block);
  block ^= pattern;
  seen |= block;
  std::memcpy(to, &block, sizeof block);
}

/// Masks whole steps; returns the bits that are set in any of the results. Compiled for each kind
/// of processor: inlined into a function with a target.
[[gnu::always_inline]] inline std::uint64_t mask_steps(const std::byte* from, std::byte* to,
                                                       std::size_t steps,
                                                       std::uint64_t pattern) noexcept {
  const Wide wide = {pattern, pattern, pattern, pattern};
  Wide seen[4] = {};
  for (; steps > 0; --steps, from += kStep, to += kStep) {
    for (std::size_t i = 0; i < 4; ++i) {
      mask_block(from + i * sizeof wide, to + i * sizeof wide, wide, seen[i]);
    }
  }
  const Wide all = seen[0] | seen[1] | seen[2] | seen[3];
  return all[0] | all[1] | all[2] | all[3];
}

#ifdef __x86_64__
[[gnu::target("avx2")]] std::uint64_t mask_steps_avx2(const std::byte* from, std::byte* to,
                                                      std::size_t steps,
                                                      std::uint64_t pattern) noexcept {
  return mask_steps(from, to, steps, pattern);
}
#endif

std::uint64_t mask_long(const std::byte* from, std::byte* to, std::size_t steps,
                        std::uint64_t pattern) noexcept {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) return mask_steps_avx2(from, to, steps, pattern);
#endif
  return mask_steps(from, to, steps, pattern);
}

/// Returns the key repeated to eight bytes, as it applies from the byte at `offset` on.
std::uint64_t pattern_of(MaskKey key, std::size_t offset) noexcept {
  auto word = std::bit_cast<std::uint32_t>(key);
  const auto turn = static_cast<int>(8 * (offset % key.size()));
  word = std::endian::native == std::endian::little ? std::rotr(word, turn) : std::rotl(word, turn);
  return std::uint64_t{word} << 32U | word;
}

}  // namespace

bool apply_mask(std::span<std::byte> data, MaskKey key, std::size_t offset) noexcept {
  return apply_mask(data, data.data(), key, offset);
}

bool apply_mask(std::span<const std::byte> from, std::byte* to, MaskKey key,
                std::size_t offset) noexcept {
  // Every step before the last is a multiple of the key's length, so the pattern stays the same.
  const std::uint64_t pattern = pattern_of(key, offset);
  std::uint64_t seen = 0;
  const auto advance = [&from, &to](std::size_t size) {
    from = from.subspan(size);
    to += size;
  };
  if (from.size() >= kStep) {
    const std::size_t steps = from.size() / kStep;
    seen = mask_long(from.data(), to, steps, pattern);
    advance(steps * kStep);
  }
  for (; from.size() >= sizeof pattern; advance(sizeof pattern)) {
    mask_block(from.data(), to, pattern, seen);
  }
  if (from.size() >= sizeof(std::uint32_t)) {
    auto half = static_cast<std::uint32_t>(seen);
    mask_block(from.data(), to, static_cast<std::uint32_t>(pattern), half);
    seen |= half;
    advance(sizeof half);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = from[i] ^ key[(offset + i) % key.size()];
    seen |= std::to_integer<std::uint64_t>(to[i]);
  }
  return (seen & kHighBits) == 0;
}

}  // namespace aiopyr::websocket

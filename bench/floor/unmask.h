#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace floor_server {

/// Moves `count` bytes from `from` to `to`, unmasked; the two may be equal, or `to` any distance
/// before `from`.
inline void unmask(char* to, const char* from, std::size_t count, const char* key) {
  std::uint32_t mask32 = 0;
  std::memcpy(&mask32, key, sizeof mask32);
  const std::uint64_t mask64 = mask32 | std::uint64_t{mask32} << 32;
  std::size_t i = 0;
  if (to == from) {
    // In this form the compiler vectorizes it.
    for (; i + 8 <= count; i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, to + i, sizeof word);
      word ^= mask64;
      std::memcpy(to + i, &word, sizeof word);
    }
  }
  for (; i + 8 <= count; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + i, sizeof word);
    word ^= mask64;
    std::memcpy(to + i, &word, sizeof word);
  }
  for (; i < count; ++i) to[i] = static_cast<char>(from[i] ^ key[i % 4]);
}

}  // namespace floor_server

#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/websocket/protocol/deflate/deflater.h>
#include <aiopyr/websocket/protocol/deflate/inflater.h>

/// Compressed messages and their inflated forms, for tests and fuzzers.
namespace aiopyr::websocket::testing {

/// Inflates one message without its frames; returns it, or the reason why it is invalid. Produces
/// `step` bytes of output at a time.
inline std::string inflate_message(Inflater& inflater, std::string_view compressed,
                                   std::size_t step = 100) {
  std::string out;
  std::string buffer(step, '\0');
  const auto feed = [&](std::span<const std::byte> piece) {
    Inflater::Step made;
    while (!made.done && made.is_valid) {
      made = inflater.next(piece, std::as_writable_bytes(std::span{buffer}));
      out.append(buffer, 0, made.size);
    }
    return made.is_valid;
  };
  bool is_valid = feed(std::as_bytes(std::span{compressed}));
  if (is_valid && inflater.needs_tail()) is_valid = feed(Inflater::kTail);
  return is_valid && inflater.end_message() ? out : "not deflate data";
}

inline std::string deflate_message(Deflater& deflater, std::string_view message) {
  std::string out;
  if (!deflater.append(out, message)) return "error: no memory";
  return out;
}

/// Deflates one message on its own.
inline std::string deflated(std::string_view message, detail::DeflateSettings settings = {}) {
  Deflater deflater(settings, false);
  return deflate_message(deflater, message);
}

/// Returns bytes that do not compress, the same for the same seed.
inline std::string noise(std::size_t size, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::string out(size, '\0');
  for (char& byte : out) byte = static_cast<char>(random() & 0xFFU);
  return out;
}

/// Returns words that repeat, near and far, so that there are matches of every distance.
inline std::string babble(std::size_t size, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::array<std::string, 40> words;
  for (auto& word : words) word = noise(3 + random() % 12, static_cast<std::uint32_t>(random()));
  std::string out;
  while (out.size() < size) out += words[random() % words.size()];
  out.resize(size);
  return out;
}

}  // namespace aiopyr::websocket::testing

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/small_array.h>

/// The bytes of values in PostgreSQL's binary format, which is big-endian. One thread at a time.
namespace aiopyr::postgres {

/// Collects the bytes of values, in memory of its own; the first 64 cost no allocation.
class WireWriter {
 public:
  /// Appends these bytes as they are.
  void write(std::string_view bytes) { bytes_.append(bytes.data(), bytes.size()); }
  /// Appends the integer with its most significant byte first.
  template <std::integral Integer>
  void write_integer(Integer value) {
    char bytes[sizeof(Integer)];
    store(value, bytes);
    bytes_.append(bytes, sizeof(Integer));
  }
  /// Overwrites the four bytes at `at`, which have been written before.
  void overwrite(std::size_t at, std::int32_t value) { store(value, bytes_.data() + at); }

  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] std::string_view view() const& noexcept { return {bytes_.data(), bytes_.size()}; }
  std::string_view view() const&& = delete;
  /// Returns whether nothing has been allocated.
  [[nodiscard]] bool is_inline() const noexcept { return bytes_.is_inline(); }

 private:
  template <std::integral Integer>
  static void store(Integer value, char* to) {
    auto rest = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t at = sizeof(Integer); at > 0; --at) {
      to[at - 1] = static_cast<char>(rest & 0xFFU);
      rest = static_cast<decltype(rest)>(sizeof(Integer) > 1 ? rest >> 8U : 0U);
    }
  }

  detail::SmallArray<char, 64> bytes_;
};

/// Takes values from the front of bytes that a server has sent. Throws ValueError, and reads
/// nothing, where fewer bytes are left than a value has.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) noexcept : rest_(bytes) {}

  template <std::integral Integer>
  [[nodiscard]] Integer read_integer() {
    std::make_unsigned_t<Integer> value = 0;
    for (const char byte : read(sizeof(Integer))) {
      if constexpr (sizeof(Integer) > 1) value = static_cast<decltype(value)>(value << 8U);
      value = static_cast<decltype(value)>(value | static_cast<unsigned char>(byte));
    }
    return static_cast<Integer>(value);
  }
  [[nodiscard]] std::string_view read(std::size_t size) {
    if (size > rest_.size()) throw ValueError("the server sent too few bytes");
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }
  /// Throws ValueError if bytes are left.
  void expect_end() const {
    if (!rest_.empty()) throw ValueError("the server sent too many bytes");
  }

 private:
  std::string_view rest_;
};

}  // namespace aiopyr::postgres

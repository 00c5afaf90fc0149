#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

namespace aiopyr {

namespace detail {

/// Gives access to a string's whole capacity as writable memory: the put area of a stream buffer.
class StringRoom : private std::stringbuf {
 public:
  explicit StringRoom(std::string with_capacity)
      : std::stringbuf(std::move(with_capacity), std::ios_base::out) {}

  [[nodiscard]] char* data() const noexcept { return pptr(); }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(epptr() - pptr());
  }
  /// Returns the string, of the `size` bytes that were written.
  [[nodiscard]] std::string take(int written) {
    pbump(written);
    return std::move(*this).str();
  }
};

}  // namespace detail

/// Returns a string of `size` bytes, all of which `fill` writes to the address that it is given.
///
/// Does not fill the string with zeros first, unlike std::string(size, 0). That saves a third of
/// the time of a masked copy of 16 KiB; C++23 has std::string::resize_and_overwrite() for this. It
/// pays off from some kilobytes on, as it costs 20 ns itself. Uses the memory of `out`, an empty
/// string, if it is large enough.
template <std::invocable<char*> Fill>
[[nodiscard]] std::string make_string(std::size_t size, Fill fill, std::string out = {}) {
  out.reserve(size);
  detail::StringRoom room(std::move(out));
  // No standard guarantees that the put area covers all of the capacity.
  if (room.size() < size || size > std::numeric_limits<int>::max()) {
    out = std::string(size, '\0');
    fill(out.data());
    return out;
  }
  fill(room.data());
  return room.take(static_cast<int>(size));
}

}  // namespace aiopyr

#pragma once

#include <cstddef>
#include <memory>

namespace aiopyr::plugin {

/// Buffers for requests' heads, in which uWSGI's parsers keep them (proto_parser_buf): allocated by
/// malloc, so that uWSGI may free them, but kept for the next request if one is given back. Most
/// requests need one for microseconds.
///
/// On the loop's thread. The holder of a buffer that is not given back frees it.

/// Sets the size of all buffers: uWSGI's `buffer-size`. Call it before the first is taken.
void set_read_buffer_size(std::size_t bytes) noexcept;
[[nodiscard]] std::size_t read_buffer_size() noexcept;

/// Returns a buffer; ends the process if there is no memory, as uWSGI does.
[[nodiscard]] void* take_read_buffer() noexcept;
/// Takes a buffer back; does nothing for null.
void give_back_read_buffer(void* buffer) noexcept;

struct ReadBufferReturn {
  void operator()(char* buffer) const noexcept { give_back_read_buffer(buffer); }
};
/// A buffer that is given back by its destructor.
using ReadBuffer = std::unique_ptr<char, ReadBufferReturn>;

}  // namespace aiopyr::plugin

#pragma once

namespace aiopyr::plugin {

/// uWSGI's `buffer-size` bytes for a request's head, as uWSGI's parsers keep them in
/// proto_parser_buf: allocated by malloc, so that uWSGI may free them, but kept for the next
/// request where one comes back. Most requests need one for microseconds.
///
/// On the loop's thread. A buffer that is not given back is freed by whoever has it.
void* take_read_buffer() noexcept;
void give_back_read_buffer(void* buffer) noexcept;

}  // namespace aiopyr::plugin

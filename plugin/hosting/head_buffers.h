#pragma once

struct uwsgi_buffer;

namespace aiopyr::plugin {

/// The buffers of responses' heads: a few are kept from one response to the next. On the loop's
/// thread.

/// Returns an empty buffer, which grows to at most uWSGI's response-headers-limit.
[[nodiscard]] uwsgi_buffer* make_head() noexcept;

/// Keeps the buffer for another response, or frees it.
void give_back_head(uwsgi_buffer* head) noexcept;

}  // namespace aiopyr::plugin

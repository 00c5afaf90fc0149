#pragma once

struct uwsgi_buffer;

namespace aiopyr::plugin {

/// The buffers that responses' heads lie in: a few are kept from one response to the next. On the
/// loop's thread.

/// Returns an empty one, which grows to uWSGI's response-headers-limit at most.
[[nodiscard]] uwsgi_buffer* make_head() noexcept;

/// Keeps it for another response, or frees it.
void give_back_head(uwsgi_buffer* head) noexcept;

}  // namespace aiopyr::plugin

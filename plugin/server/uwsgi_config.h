#pragma once

#include <string_view>

/// What the ini file and the command line say to uWSGI itself, whatever it has made of that. All of
/// it is known before the first option is carried out.
namespace aiopyr::plugin {

/// Whether an option of that name is set.
[[nodiscard]] bool is_option_set(std::string_view name) noexcept;

/// Whether requests come through uWSGI's own HTTP router, as far as this instance runs it, and that
/// closes each connection behind the answer: it does unless `http-keepalive` is set.
[[nodiscard]] bool router_closes_connections() noexcept;

}  // namespace aiopyr::plugin

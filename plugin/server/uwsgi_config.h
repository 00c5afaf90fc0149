#pragma once

#include <string_view>

/// The settings of the ini file and the command line for uWSGI itself, before it interprets them.
/// All are known before the first option is applied.
namespace aiopyr::plugin {

/// Returns whether an option of that name is set.
[[nodiscard]] bool is_option_set(std::string_view name) noexcept;

/// Returns whether requests come through an HTTP router of uWSGI in this instance that closes each
/// connection after the answer: it does unless `http-keepalive` is set.
[[nodiscard]] bool router_closes_connections() noexcept;

}  // namespace aiopyr::plugin

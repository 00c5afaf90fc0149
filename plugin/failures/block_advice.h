#pragma once

#include <span>
#include <string_view>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

/// Returns what to do about code that blocks the loop, by what is on its stack, innermost first: an
/// imperative behind a colon.
[[nodiscard]] std::string_view advice_about(std::span<const CodePlace> stack) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <span>
#include <string_view>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

/// Returns advice on code that blocks the loop, chosen by its stack, innermost first. It is an
/// imperative that follows a colon.
[[nodiscard]] std::string_view advice_about(std::span<const CodePlace> stack) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <source_location>
#include <string>
#include <typeinfo>

#include <aiopyr/runtime/base/callable_name.h>

namespace aiopyr::detail {

/// Returns `name`, followed by the place if it is only the name of the type.
[[nodiscard]] std::string with_place(std::string name, const std::type_info& type,
                                     const std::source_location& where);

/// Returns a name for a callable that was added at a place. If the dynamic linker has no name for
/// it, its source location distinguishes it.
template <class F>
[[nodiscard]] std::string placed_name(const F& callable, const std::source_location& where) {
  return with_place(callable_name(callable), typeid(F), where);
}

}  // namespace aiopyr::detail

#pragma once

#include <string>
#include <type_traits>
#include <typeinfo>

#include <aiopyr/runtime/base/describe.h>

namespace aiopyr {

/// The name of the function at `address` where the dynamic linker knows it, else an empty string.
std::string function_name_at(const void* address);

/// What to call a callable in a message: a function by its name where that is known, anything else
/// by its type.
template <class F>
std::string callable_name(const F& f) {
  if constexpr (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>) {
    std::string name = function_name_at(reinterpret_cast<const void*>(f));
    if (!name.empty()) return name;
  }
  return type_name(typeid(F));
}

}  // namespace aiopyr

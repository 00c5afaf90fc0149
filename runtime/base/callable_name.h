#pragma once

#include <string>
#include <type_traits>
#include <typeinfo>

#include <aiopyr/runtime/base/describe.h>

namespace aiopyr {

/// Returns the name of the function at `address`; empty where the dynamic linker does not know it.
std::string function_name_at(const void* address);

/// Returns the name of a callable for messages: a function's name where it is known, else the name
/// of its type.
template <class F>
std::string callable_name(const F& f) {
  if constexpr (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>) {
    std::string name = function_name_at(reinterpret_cast<const void*>(f));
    if (!name.empty()) return name;
  }
  return type_name(typeid(F));
}

}  // namespace aiopyr

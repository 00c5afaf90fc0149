#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <typeinfo>

namespace aiopyr {

class Configurator;

namespace detail {

/// Recognizes a function that is included again: by its address, or by the class of a lambda
/// without captures. A lambda with captures may differ each time, even if its class is the same, so
/// it is never recognized. A plain value.
class AddOn {
 public:
  template <class F>
  [[nodiscard]] static AddOn of(const F& function) {
    AddOn add_on;
    if constexpr (std::same_as<F, std::function<void(Configurator&)>>) {
      const auto* target = function.template target<void (*)(Configurator&)>();
      return target == nullptr ? add_on : of(*target);
    } else if constexpr (std::is_pointer_v<F>) {
      add_on.function_ = reinterpret_cast<void (*)()>(function);
    } else if constexpr (std::is_empty_v<F>) {
      add_on.type_ = &typeid(F);
    }
    return add_on;
  }

  [[nodiscard]] bool is_recognized() const noexcept {
    return function_ != nullptr || type_ != nullptr;
  }

  friend bool operator==(const AddOn& a, const AddOn& b) noexcept {
    const bool same_type =
        a.type_ == b.type_ || (a.type_ != nullptr && b.type_ != nullptr && *a.type_ == *b.type_);
    return same_type && a.function_ == b.function_;
  }

 private:
  void (*function_)() = nullptr;
  const std::type_info* type_ = nullptr;
};

}  // namespace detail

}  // namespace aiopyr

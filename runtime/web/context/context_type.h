#pragma once

#include <exception>
#include <string>
#include <type_traits>
#include <typeinfo>

#include <aiopyr/runtime/web/context/resource.h>

namespace aiopyr {

/// A class of contexts, as a value: `.context = context_type<Page>()`. It matches contexts of
/// derived classes too, so an interface-like mixin works as well as a resource's own class.
///
/// Empty means any context. A plain value.
class ContextType {
 public:
  ContextType() = default;

  template <class T>
  [[nodiscard]] static ContextType of() {
    static_assert(std::is_polymorphic_v<T>, "a context is known by a class with virtual functions");
    ContextType type;
    type.type_ = &typeid(T);
    type.is_exception_ = std::is_base_of_v<std::exception, T>;
    if constexpr (!std::is_base_of_v<std::exception, T>) {
      type.is_class_of_ = [](const Resource* context) {
        return dynamic_cast<const T*>(context) != nullptr;
      };
    }
    return type;
  }

  [[nodiscard]] explicit operator bool() const noexcept { return type_ != nullptr; }
  [[nodiscard]] const std::type_info* type() const noexcept { return type_; }
  /// Returns whether it is a class of exceptions, and so for exception views.
  [[nodiscard]] bool is_exception() const noexcept { return is_exception_; }
  /// Returns whether `context` is of this class. Requires: this is not empty.
  [[nodiscard]] bool is_class_of(const Resource& context) const {
    return is_class_of_ != nullptr && is_class_of_(&context);
  }
  /// Returns the name, for messages and tables; empty for any context.
  [[nodiscard]] std::string name() const;

  friend bool operator==(const ContextType& a, const ContextType& b) noexcept {
    return a.type_ == b.type_ || (a.type_ != nullptr && b.type_ != nullptr && *a.type_ == *b.type_);
  }

 private:
  const std::type_info* type_ = nullptr;
  bool is_exception_ = false;
  bool (*is_class_of_)(const Resource*) = nullptr;
};

/// Returns the class T of contexts; T may also be a class of exceptions.
template <class T>
[[nodiscard]] ContextType context_type() {
  return ContextType::of<T>();
}

}  // namespace aiopyr

#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace aiopyr::detail {

/// Holds what a call returned or threw, to be read elsewhere or later.
template <class T>
class Result {
 public:
  using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  /// Calls f(arguments...) and stores its result or exception.
  template <class F, class... Args>
  void capture(F&& f, Args&&... args) noexcept {
    try {
      if constexpr (std::is_void_v<T>) {
        std::forward<F>(f)(std::forward<Args>(args)...);
        value_.emplace();
      } else {
        value_.emplace(std::forward<F>(f)(std::forward<Args>(args)...));
      }
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  void set_error(std::exception_ptr error) noexcept { error_ = std::move(error); }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }
  [[nodiscard]] bool is_set() const noexcept { return value_.has_value() || error_; }

  /// Returns the value, moved out, or throws the exception. Requires: is_set(); once.
  T take() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if constexpr (!std::is_void_v<T>) return std::move(*value_);
  }

  /// Does the same with a std::monostate as the value of void.
  Stored take_stored() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::move(*value_);
  }

 private:
  std::optional<Stored> value_;
  std::exception_ptr error_;
};

}  // namespace aiopyr::detail

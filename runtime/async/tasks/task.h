#pragma once

#include <aiopyr/runtime/base/compiler.h>

#include <cassert>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/tasks/inherited_context.h>
#include <aiopyr/runtime/base/block_cache.h>
#include <aiopyr/runtime/base/errors.h>

/// Task<T>: an application coroutine. Lazy: it starts when it is awaited, spawned or synchronized.
///
/// Tasks run in the root context only, on the loop's thread and on no fiber's stack, so that a
/// waiting task costs its frame and nothing else. Destroying a task that is suspended cancels it:
/// what its frame holds is destroyed, each awaitable takes its own registration back. A task that
/// has started is destroyed in the root context only, and never by code that it is itself running.
///
/// A lambda that captures must outlive the task that it returned: hand it to spawn() or
/// synchronize(), which keep it, rather than calling it in place.
namespace aiopyr {

template <class T = void>
class Task;

namespace detail {

/// Returns the Error of a coroutine that never begins.
[[nodiscard]] std::exception_ptr make_miscompiled_error();

/// The state of a task, which at its end resumes the awaiting coroutine or calls a callback.
class PromiseBase {
 public:
  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_resume() const noexcept {}

    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      PromiseBase& promise = self.promise();
      if (promise.starting_) return std::noop_coroutine();
      if (promise.callback_ != nullptr) {
        // The callback may destroy the frame, and this awaiter with it.
        promise.callback_(promise.argument_);
        return std::noop_coroutine();
      }
      return promise.continuation_;
    }
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
  /// Returns whether g++ 12 has miscompiled the coroutine so that it cannot start: see
  /// MisplacedFrames.
  [[nodiscard]] bool never_begins() const noexcept { return never_begins_; }
  void set_never_begins() noexcept { never_begins_ = true; }
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  /// Runs the task up to its first wait. Returns whether it has ended; if so, neither callback nor
  /// continuation is called. A coroutine that cannot start ends with an Error that says so. Does
  /// not use symmetric transfer: awaits that complete at once, however many, must not grow the
  /// stack even where the compiler makes no tail calls.
  bool start(std::coroutine_handle<> self) {
    if (never_begins_) {
      error_ = make_miscompiled_error();
      return true;
    }
    starting_ = true;
    self.resume();
    starting_ = false;
    return self.done();
  }

  void continue_with(std::coroutine_handle<> continuation) noexcept {
    continuation_ = continuation;
  }
  void call_when_done(void (*callback)(void*), void* argument) noexcept {
    callback_ = callback;
    argument_ = argument;
  }

  [[nodiscard]] TaskContext* context() const noexcept { return context_; }
  void set_context(TaskContext* context) noexcept { context_ = context; }

 protected:
  void rethrow_if_failed() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  std::coroutine_handle<> continuation_;
  void (*callback_)(void*) = nullptr;
  void* argument_ = nullptr;
  TaskContext* context_ = nullptr;
  std::exception_ptr error_;
  bool starting_ = false;
  bool never_begins_ = false;
};

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13 && \
    !defined(AIOPYR_COROUTINES_ARE_CHECKED)
/// Finds the coroutines that g++ 12 miscompiles. It lays out their frame in two ways: the function
/// that makes the frame puts the awaiter of a condition first, the function that runs it does not.
/// So the handle does not point to the beginning of the frame, and resuming it would run the wrong
/// address.
class MisplacedFrames {
 public:
  [[gnu::always_inline]] static void* operator new(std::size_t size) {
    return made_ = take_block(size);
  }
  [[gnu::always_inline]] static void operator delete(void* frame, std::size_t size) noexcept {
    give_block(frame, size);
  }

 protected:
  /// Returns whether `handle`'s frame, the last one made, begins at the address of the handle.
  [[gnu::always_inline]] static bool is_in_place(std::coroutine_handle<> handle) noexcept {
    return handle.address() == made_;
  }

 private:
  inline static thread_local void* made_ = nullptr;
};
#define AIOPYR_INLINE_CHECK [[gnu::always_inline]]
#else
class MisplacedFrames {
 public:
  static void* operator new(std::size_t size) { return take_block(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { give_block(frame, size); }

 protected:
  static constexpr bool is_in_place(std::coroutine_handle<>) noexcept { return true; }
};
#define AIOPYR_INLINE_CHECK
#endif

template <class T>
class Promise final : public PromiseBase, public MisplacedFrames {
 public:
  AIOPYR_INLINE_CHECK Task<T> get_return_object() noexcept;

  template <class U = T>  // the default is the type that `co_return {...}` makes
  requires std::convertible_to<U&&, T>
  void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }

  T take_result() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase, public MisplacedFrames {
 public:
  AIOPYR_INLINE_CHECK Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take_result() { rethrow_if_failed(); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;

  Task() noexcept = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    Task old(std::move(*this));
    handle_ = std::exchange(other.handle_, nullptr);
    return *this;
  }
  /// Cancels the task where it is suspended.
  ~Task() {
    // Does not destroy a frame that cannot start: its variables may not lie where the handle says.
    if (handle_ && !handle_.promise().never_begins()) handle_.destroy();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

  /// Returns whether the task has ended, with a value or an exception.
  [[nodiscard]] bool is_done() const noexcept { return handle_ && handle_.done(); }

  /// Runs the task; the awaiting coroutine continues with its value or its exception.
  auto operator co_await() && noexcept {
    assert(handle_ && "an empty or already awaited task");
    return Awaiter{handle_};
  }

  /// Runs the task up to its first wait, for callers that are not coroutines, and returns whether
  /// it has ended. If not, `callback(argument)` is called at its end, and may destroy the task.
  bool start(void (*callback)(void*), void* argument) {
    if (handle_.promise().start(handle_)) return true;
    handle_.promise().call_when_done(callback, argument);
    return false;
  }

  /// Sets the request on whose behalf it runs; null for none. Requires: not started.
  void set_context(TaskContext* context) noexcept { handle_.promise().set_context(context); }

  /// Returns the value or throws the exception. Requires: is_done(); once.
  T take_result() { return handle_.promise().take_result(); }

 private:
  friend promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct Awaiter {
    Handle handle;
    [[nodiscard]] bool await_ready() const noexcept { return handle.done(); }
    template <class Awaiting>
    bool await_suspend(std::coroutine_handle<Awaiting> awaiting) {
      handle.promise().set_context(detail::context_of(awaiting));
      if (handle.promise().start(handle)) return false;
      handle.promise().continue_with(awaiting);
      return true;
    }
    T await_resume() { return handle.promise().take_result(); }
  };

  explicit Task(Handle handle) noexcept : handle_(handle) {}

  Handle handle_;
};

namespace detail {

// Inlined where they check something: otherwise the linker could use the plugin's copies, which
// check nothing, in place of the app's.
template <class T>
AIOPYR_INLINE_CHECK inline Task<T> Promise<T>::get_return_object() noexcept {
  const auto handle = std::coroutine_handle<Promise>::from_promise(*this);
  if (!is_in_place(handle)) set_never_begins();
  return Task<T>(handle);
}

AIOPYR_INLINE_CHECK inline Task<void> Promise<void>::get_return_object() noexcept {
  const auto handle = std::coroutine_handle<Promise>::from_promise(*this);
  if (!is_in_place(handle)) set_never_begins();
  return Task<void>(handle);
}
#undef AIOPYR_INLINE_CHECK

/// False, for the static_assert of a template that only a mistake instantiates.
template <class>
inline constexpr bool kNever = false;

template <class T>
struct IsTask : std::false_type {};
template <class T>
struct IsTask<Task<T>> : std::true_type {};

}  // namespace detail

/// Holds if T is a Task<U>: distinguishes a coroutine function from a plain one, as
/// asyncio.iscoroutinefunction does.
template <class T>
concept AnyTask = detail::IsTask<std::remove_cvref_t<T>>::value;

template <class F, class... Args>
concept CoroutineFunction = std::invocable<F, Args...> && AnyTask<std::invoke_result_t<F, Args...>>;

}  // namespace aiopyr

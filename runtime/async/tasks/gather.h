#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/tasks/inherited_context.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace detail {

/// Waits until a number of children have reported their end; a report that decides ends the wait at
/// once.
class [[nodiscard]] JoinAwaiter {
 public:
  explicit JoinAwaiter(std::size_t children) noexcept : left_(children) {}

  void report(const void* child, bool decides) noexcept {
    if (left_ == 0) return;
    left_ = decides ? 0 : left_ - 1;
    if (decides) deciding_ = child;
    if (left_ > 0 || !waiting_) return;
    waiting_ = false;
    Loop::current()->call_soon(resumption_);
  }

  /// Returns the child whose report decided; null if all had to report.
  [[nodiscard]] const void* deciding() const noexcept { return deciding_; }

  [[nodiscard]] bool await_ready() const noexcept { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept {
    waiting_ = true;
    resumption_.set(awaiting);
  }
  void await_resume() const noexcept {}

 private:
  std::size_t left_;
  bool waiting_ = false;
  const void* deciding_ = nullptr;
  Resumption resumption_;
};

/// One task of several that run at the same time. Destroying it cancels the task.
template <class T>
class Child {
 public:
  using Stored = typename Result<T>::Stored;

  explicit Child(Task<T> task) : task_(std::move(task)) {}

  /// Starts the task unless the join is decided. A failure decides the join; with `first_wins` a
  /// value does too. The task gets `context`, the one of the coroutine that waits. Requires: this
  /// object is not moved from now on.
  void start(JoinAwaiter& join, bool first_wins, TaskContext* context) {
    if (join.await_ready()) return;
    join_ = &join;
    first_wins_ = first_wins;
    task_.set_context(context);
    if (task_.start(&Child::on_done, this)) on_done(this);
  }

  [[nodiscard]] bool is_done() const noexcept { return result_.is_set(); }
  [[nodiscard]] bool has_decided() const noexcept {
    return join_ != nullptr && join_->deciding() == this;
  }
  Stored take() { return result_.take_stored(); }
  void rethrow_if_decisive() {
    if (has_decided()) static_cast<void>(result_.take_stored());
  }

 private:
  static void on_done(void* argument) {
    auto& self = *static_cast<Child*>(argument);
    self.result_.capture([&]() -> T { return self.task_.take_result(); });
    self.task_ = Task<T>();
    self.join_->report(&self, self.first_wins_ || self.result_.error() != nullptr);
  }

  Task<T> task_;
  JoinAwaiter* join_ = nullptr;
  bool first_wins_ = false;
  Result<T> result_;
};

}  // namespace detail

/// Runs all tasks at the same time and returns all their values, in order (std::monostate for
/// void). Throws the first exception at once and cancels the others, as asyncio.TaskGroup does and
/// asyncio.gather does not. In coroutines; cancelling it cancels all.
template <class... Ts>
auto gather(Task<Ts>... tasks) -> Task<std::tuple<typename detail::Child<Ts>::Stored...>> {
  TaskContext* const context = co_await detail::TaskContextAwaiter();
  detail::JoinAwaiter join(sizeof...(Ts));
  std::tuple<detail::Child<Ts>...> children{detail::Child<Ts>(std::move(tasks))...};
  std::apply([&](auto&... child) { (child.start(join, false, context), ...); }, children);
  co_await join;
  std::apply([](auto&... child) { (child.rethrow_if_decisive(), ...); }, children);
  co_return std::apply([](auto&... child) { return std::tuple{child.take()...}; }, children);
}

/// Runs any number of tasks of one type in the same way.
template <class T>
auto gather(std::vector<Task<T>> tasks) -> Task<std::vector<typename detail::Child<T>::Stored>> {
  TaskContext* const context = co_await detail::TaskContextAwaiter();
  detail::JoinAwaiter join(tasks.size());
  std::vector<detail::Child<T>> children;
  children.reserve(tasks.size());
  for (auto& task : tasks) children.emplace_back(std::move(task));
  for (auto& child : children) child.start(join, false, context);
  co_await join;
  for (auto& child : children) child.rethrow_if_decisive();
  std::vector<typename detail::Child<T>::Stored> values;
  values.reserve(children.size());
  for (auto& child : children) values.push_back(child.take());
  co_return values;
}

/// Runs all tasks at the same time; returns the value, or throws the exception, of the task that
/// ends first, in a variant whose index() is that task's. Cancels the others.
template <class... Ts>
requires(sizeof...(Ts) > 0) auto first_of(Task<Ts>... tasks)
    -> Task<std::variant<typename detail::Child<Ts>::Stored...>> {
  TaskContext* const context = co_await detail::TaskContextAwaiter();
  detail::JoinAwaiter join(1);
  std::tuple<detail::Child<Ts>...> children{detail::Child<Ts>(std::move(tasks))...};
  std::apply([&](auto&... child) { (child.start(join, true, context), ...); }, children);
  co_await join;
  std::optional<std::variant<typename detail::Child<Ts>::Stored...>> value;
  [&]<std::size_t... Is>(std::index_sequence<Is...>) {
    const auto look = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      auto& child = std::get<I>(children);
      if (child.has_decided()) value.emplace(std::in_place_index<I>, child.take());
    };
    (look(std::integral_constant<std::size_t, Is>{}), ...);
  }
  (std::index_sequence_for<Ts...>{});
  co_return std::move(*value);
}

/// The index and the value of the task that ended first (std::monostate for void).
template <class T>
struct FirstOf {
  std::size_t index;
  typename detail::Child<T>::Stored value;
};

/// Runs any number of tasks of one type in the same way. Throws InvalidStateError if there are
/// none, since the wait would never end.
template <class T>
auto first_of(std::vector<Task<T>> tasks) -> Task<FirstOf<T>> {
  if (tasks.empty()) {
    throw InvalidStateError("first_of was given no task to wait for: check the vector before");
  }
  TaskContext* const context = co_await detail::TaskContextAwaiter();
  detail::JoinAwaiter join(1);
  std::vector<detail::Child<T>> children;
  children.reserve(tasks.size());
  for (auto& task : tasks) children.emplace_back(std::move(task));
  for (auto& child : children) child.start(join, true, context);
  co_await join;
  std::size_t first = 0;
  while (!children[first].has_decided()) ++first;
  co_return FirstOf<T>{first, children[first].take()};
}

}  // namespace aiopyr

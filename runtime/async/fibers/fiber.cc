#include <cassert>
#include <cstring>
#include <cxxabi.h>
#include <utility>

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <boost/context/stack_context.hpp>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/fiber_sanitizer.h>
#include <aiopyr/runtime/async/fibers/fiber_stack.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

/// libstdc++'s per-thread state of exceptions in flight (`__cxa_eh_globals` of the Itanium C++ ABI,
/// section 2.2.2). A fiber that parks inside a catch must find its own state again.
struct ExceptionState {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

/// Swaps member by member: a read of both at once would have to wait until two earlier writes have
/// reached the cache.
void swap(ExceptionState& one, ExceptionState& other) noexcept {
  std::swap(one.caught, other.caught);
  std::swap(one.uncaught, other.uncaught);
}

ExceptionState& exception_state_of_thread() noexcept {
  return *reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
}

/// An allocator that frees nothing when the context ends: the pool owns the memory.
struct BorrowedStack {
  void deallocate(boost::context::stack_context&) noexcept {}
};

}  // namespace

struct Fiber::Machine {
  explicit Machine(std::size_t size) : stack(size) {}

  detail::FiberStack stack;
  ExceptionState& of_thread = exception_state_of_thread();  // a fiber stays with its loop's thread
  boost::context::fiber inside;
  boost::context::fiber outside;
  ExceptionState exceptions;
  detail::SanitizedStack own;
  detail::SanitizedStack root;
  const void* root_bottom = nullptr;
  std::size_t root_size = 0;
};

/// Switches to the fiber. Inlined, as switch_out() is: the processor predicts each return from the
/// last call, which the other side made. A function of its own would cost 5 ns per switch for that.
[[gnu::always_inline]] inline void Fiber::switch_in() noexcept {
  auto& machine = *machine_;
  if (loop_ != nullptr) loop_->current_fiber_ = this;
  swap(machine.of_thread, machine.exceptions);
  if (observer_ != nullptr) observer_->on_enter();
  machine.root.adopt_thread();
  machine.root.leave_for(machine.stack.bottom(), machine.stack.size());
  machine.own.announce();
  machine.inside = std::move(machine.inside).resume();
  machine.root.arrive(nullptr, nullptr);
  if (observer_ != nullptr) observer_->on_leave();
  swap(machine.of_thread, machine.exceptions);
  if (loop_ != nullptr) loop_->current_fiber_ = nullptr;
}

[[gnu::always_inline]] inline void Fiber::switch_out() noexcept {
  auto& machine = *machine_;
  machine.own.leave_for(machine.root_bottom, machine.root_size);
  machine.root.announce();
  machine.outside = std::move(machine.outside).resume();
  machine.own.arrive(&machine.root_bottom, &machine.root_size);
}

Fiber::Fiber(std::size_t stack_size) : machine_(std::make_unique<Machine>(stack_size)) {
  auto& machine = *machine_;
  machine.own.make_fiber();
  boost::context::stack_context memory;
  memory.sp = machine.stack.top();
  memory.size = machine.stack.size();
  machine.inside = boost::context::fiber(
      std::allocator_arg, boost::context::preallocated(memory.sp, memory.size, memory),
      BorrowedStack{}, [this](boost::context::fiber&& root) {
        machine_->own.arrive(&machine_->root_bottom, &machine_->root_size);
        machine_->outside = std::move(root);
        main_loop();
        machine_->own.leave_for_good(machine_->root_bottom, machine_->root_size);
        machine_->root.announce();
        return std::move(machine_->outside);
      });
}

Fiber::~Fiber() {
  assert(!active_ && "a fiber is destroyed with its body still on its stack");
  retiring_ = true;
  switch_in();
  machine_->own.drop_fiber();
}

Fiber& Fiber::start(Loop& loop, Body body, FiberObserver* observer) {
  if (loop.current_fiber_ != nullptr) {
    throw ScopeError(
        "a fiber is started from the root context only: use spawn_fiber in a coroutine");
  }
  Fiber& fiber = loop.fibers().take();
  fiber.loop_ = &loop;
  fiber.body_ = std::move(body);
  fiber.observer_ = observer;
  fiber.active_ = true;
  fiber.resume();
  return fiber;
}

Fiber* Fiber::current() noexcept {
  const Loop* loop = Loop::current();
  return loop != nullptr ? loop->current_fiber() : nullptr;
}

void Fiber::park() {
  require_fiber("Fiber::park");
  if (!park_nothrow()) throw CancelledError();
}

bool Fiber::park_nothrow() noexcept {
  Fiber& fiber = *current();
  if (!fiber.cancelled_ && !fiber.woken_) fiber.switch_out();
  fiber.woken_ = false;
  return !fiber.cancelled_;
}

void Fiber::park_shielded() noexcept {
  Fiber& fiber = *current();
  if (!fiber.woken_) fiber.switch_out();
  fiber.woken_ = false;
}

/// Returns whether the fiber runs, or has only stepped out for a call in the root context.
bool Fiber::comes_back_anyway() const noexcept {
  return loop_->current_fiber_ == this || root_call_ != nullptr;
}

void Fiber::unpark() noexcept {
  if (!active_) return;
  if (comes_back_anyway()) {
    woken_ = true;
  } else if (!is_linked()) {
    loop_->call_soon(*this);
  }
}

void Fiber::cancel() {
  cancel_soon();
  if (active_ && loop_->current_fiber_ == nullptr && !comes_back_anyway()) resume();
}

void Fiber::cancel_soon() noexcept {
  if (!active_) return;
  cancelled_ = true;
  task_context_ = nullptr;  // its unwinding may outlive the request
  unpark();
}

void Fiber::call_in_root(void (*f)(void*), void* argument) noexcept {
  Fiber& fiber = *current();
  fiber.root_call_ = f;
  fiber.root_argument_ = argument;
  fiber.switch_out();
}

bool Fiber::owns_address(const void* address) const noexcept {
  return address >= machine_->stack.bottom() && address < machine_->stack.top();
}

std::size_t Fiber::stack_used() const noexcept { return machine_->stack.used(); }

/// Runs the fiber until it parks or ends, and makes the calls in the root context that it asks for
/// meanwhile. Called on the root side.
void Fiber::resume() {
  unlink();
  for (;;) {
    switch_in();
    if (root_call_ == nullptr) break;
    const auto call = root_call_;
    Fiber* const before = std::exchange(loop_->fiber_in_root_, this);
    call(root_argument_);
    loop_->fiber_in_root_ = before;
    root_call_ = nullptr;
  }
  if (active_) return;
  observer_ = nullptr;
  task_context_ = nullptr;
  loop_->fibers().give_back(*this);
}

/// Runs one body after the other, on the fiber's side.
void Fiber::main_loop() noexcept {
  while (!retiring_) {
    body_();
    body_ = nullptr;
    active_ = cancelled_ = woken_ = false;
    switch_out();
  }
}

}  // namespace aiopyr

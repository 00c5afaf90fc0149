#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::detail {

std::exception_ptr make_miscompiled_error() {
  return std::make_exception_ptr(
      Error("a coroutine never begins: its compiler has miscompiled it, as g++ 12 does where an "
            "`if` awaits in a body without variables. Compile the app with clang++-19, or with "
            "g++ 13 or later (docs/compilers.md)"));
}

}  // namespace aiopyr::detail

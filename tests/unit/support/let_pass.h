#pragma once

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/waits/sleep.h>

/// Lets `seconds` of the loop's clock pass.
inline aiopyr::Task<> let_pass(double seconds) { co_await aiopyr::sleep(seconds); }

#pragma once

#include <aiopyr/runtime/async/fibers/fiber_wait.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/async/tasks/spawn.h>  // IWYU pragma: export

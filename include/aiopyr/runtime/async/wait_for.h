#pragma once

#include <aiopyr/runtime/async/tasks/wait_for.h>  // IWYU pragma: export

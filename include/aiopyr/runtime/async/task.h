#pragma once

#include <aiopyr/runtime/async/tasks/task.h>  // IWYU pragma: export

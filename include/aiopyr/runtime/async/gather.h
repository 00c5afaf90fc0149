#pragma once

#include <aiopyr/runtime/async/tasks/gather.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/async/fibers/synchronize.h>  // IWYU pragma: export

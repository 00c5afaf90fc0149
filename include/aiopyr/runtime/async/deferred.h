#pragma once

#include <aiopyr/runtime/async/fibers/deferred.h>  // IWYU pragma: export

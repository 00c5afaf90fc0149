#pragma once

#include <aiopyr/runtime/async/waits/semaphore.h>  // IWYU pragma: export

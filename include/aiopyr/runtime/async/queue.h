#pragma once

#include <aiopyr/runtime/async/waits/queue.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/async/waits/lock.h>  // IWYU pragma: export

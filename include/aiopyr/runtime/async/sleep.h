#pragma once

#include <aiopyr/runtime/async/waits/sleep.h>  // IWYU pragma: export

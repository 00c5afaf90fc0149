#pragma once

#include <aiopyr/runtime/async/waits/stopping.h>  // IWYU pragma: export

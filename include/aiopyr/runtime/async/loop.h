#pragma once

#include <aiopyr/runtime/async/loop/loop.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/async/waits/event.h>  // IWYU pragma: export

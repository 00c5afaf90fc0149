#pragma once

#include <aiopyr/runtime/async/waits/fd_wait.h>  // IWYU pragma: export

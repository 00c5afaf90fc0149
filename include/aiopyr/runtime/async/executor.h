#pragma once

#include <aiopyr/runtime/async/executor/executor.h>  // IWYU pragma: export

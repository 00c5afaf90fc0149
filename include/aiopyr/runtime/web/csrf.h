#pragma once

#include <aiopyr/runtime/web/derivers/csrf.h>  // IWYU pragma: export

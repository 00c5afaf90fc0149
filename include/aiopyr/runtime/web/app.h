#pragma once

#include <aiopyr/runtime/web/config/app.h>  // IWYU pragma: export

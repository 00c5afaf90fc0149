#pragma once

#include <aiopyr/runtime/web/config/view_config.h>  // IWYU pragma: export

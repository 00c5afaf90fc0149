#pragma once

#include <aiopyr/runtime/web/config/configurator.h>  // IWYU pragma: export

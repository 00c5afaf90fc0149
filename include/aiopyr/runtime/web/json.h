#pragma once

#include <aiopyr/runtime/web/json/json.h>  // IWYU pragma: export

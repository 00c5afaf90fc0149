#pragma once

#include <aiopyr/runtime/web/context/resource.h>  // IWYU pragma: export

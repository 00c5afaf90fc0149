#pragma once

#include <aiopyr/runtime/web/static/cache_buster.h>  // IWYU pragma: export

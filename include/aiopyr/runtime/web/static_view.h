#pragma once

#include <aiopyr/runtime/web/static/static_view.h>  // IWYU pragma: export

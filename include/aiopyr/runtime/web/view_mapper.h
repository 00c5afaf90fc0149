#pragma once

#include <aiopyr/runtime/web/views/view_mapper.h>  // IWYU pragma: export

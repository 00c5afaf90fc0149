#pragma once

#include <aiopyr/runtime/web/request/request.h>  // IWYU pragma: export

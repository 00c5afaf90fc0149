#pragma once

#include <aiopyr/runtime/web/request/blank_request.h>  // IWYU pragma: export

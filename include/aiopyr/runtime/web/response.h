#pragma once

#include <aiopyr/runtime/web/http/response.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/web/http/httpexceptions.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/web/http/json_parser.h>  // IWYU pragma: export

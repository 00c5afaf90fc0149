#pragma once

#include <aiopyr/runtime/text/ascii.h>  // IWYU pragma: export

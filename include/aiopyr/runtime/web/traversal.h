#pragma once

#include <aiopyr/runtime/web/traversal/traversal.h>  // IWYU pragma: export

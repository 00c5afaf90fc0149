#pragma once

#include <aiopyr/runtime/web/traversal/traverser.h>  // IWYU pragma: export

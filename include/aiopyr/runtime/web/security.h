#pragma once

#include <aiopyr/runtime/web/context/security.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/web/security/authorization.h>  // IWYU pragma: export

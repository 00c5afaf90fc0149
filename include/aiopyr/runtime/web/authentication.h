#pragma once

#include <aiopyr/runtime/web/security/authentication.h>  // IWYU pragma: export

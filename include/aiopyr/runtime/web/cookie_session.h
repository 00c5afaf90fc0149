#pragma once

#include <aiopyr/runtime/web/security/cookie_session.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/runtime/web/request/session.h>  // IWYU pragma: export

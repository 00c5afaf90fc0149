#pragma once

#include <aiopyr/runtime/web/dispatch/subrequest.h>  // IWYU pragma: export

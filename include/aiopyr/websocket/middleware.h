#pragma once

#include <aiopyr/websocket/views/middleware.h>  // IWYU pragma: export

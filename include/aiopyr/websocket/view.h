#pragma once

#include <aiopyr/websocket/views/function_view.h>  // IWYU pragma: export

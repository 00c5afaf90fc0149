#pragma once

#include <aiopyr/websocket/views/connection_view.h>  // IWYU pragma: export

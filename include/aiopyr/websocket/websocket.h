#pragma once

#include <aiopyr/websocket/session/websocket.h>  // IWYU pragma: export

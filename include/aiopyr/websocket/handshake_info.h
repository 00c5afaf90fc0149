#pragma once

#include <aiopyr/websocket/session/handshake_info.h>  // IWYU pragma: export

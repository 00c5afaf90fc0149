#pragma once

#include <aiopyr/websocket/session/handle.h>  // IWYU pragma: export

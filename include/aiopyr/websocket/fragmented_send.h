#pragma once

#include <aiopyr/websocket/session/fragmented_send.h>  // IWYU pragma: export

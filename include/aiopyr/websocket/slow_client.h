#pragma once

#include <aiopyr/websocket/messages/slow_client.h>  // IWYU pragma: export

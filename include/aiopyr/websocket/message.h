#pragma once

#include <aiopyr/websocket/messages/message.h>  // IWYU pragma: export

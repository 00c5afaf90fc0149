#pragma once

#include <aiopyr/websocket/topics/topics.h>  // IWYU pragma: export

#pragma once

#include <aiopyr/websocket/views/mapper.h>  // IWYU pragma: export

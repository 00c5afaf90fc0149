#pragma once

#include <aiopyr/websocket/session/errors.h>  // IWYU pragma: export

#pragma once

/// Everything that a hosted app uses: `#include <aiopyr/aiopyr.h>` and AIOPYR_APP.
#include <aiopyr/async.h>
#include <aiopyr/web.h>
#include <aiopyr/websocket.h>

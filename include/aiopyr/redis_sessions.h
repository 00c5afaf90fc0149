#pragma once

/// Sessions in Redis: `#include <aiopyr/redis_sessions.h>`; link with libaiopyr-redis.a.
#include <aiopyr/clients/web/redis/sessions.h>
#include <aiopyr/redis.h>

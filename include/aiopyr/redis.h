#pragma once

/// The client of Redis: `#include <aiopyr/redis.h>`; link with libaiopyr-redis.a.
#include <aiopyr/async.h>
#include <aiopyr/clients/redis/cache.h>
#include <aiopyr/clients/redis/client.h>

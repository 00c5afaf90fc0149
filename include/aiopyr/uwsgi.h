#pragma once

/// uWSGI's services for hosted apps: `#include <aiopyr/uwsgi.h>`, then `uwsgi::cache_get("key")`
/// and so on, named as in Python's `uwsgi` module. See docs/uwsgi-services.md.
///
/// An app is loaded in the master, before workers, mules and spoolers are forked, so all of them
/// have what its function registers there. With `lazy-apps` each worker loads the app for itself,
/// and mules and spoolers do not have it.
///
/// Every failure throws an aiopyr::Error that says why and what to do about it.
#include <aiopyr/runtime/base/compiler.h>

#include <aiopyr/uwsgi/cache.h>
#include <aiopyr/uwsgi/locks.h>
#include <aiopyr/uwsgi/logvars.h>
#include <aiopyr/uwsgi/metrics.h>
#include <aiopyr/uwsgi/mules.h>
#include <aiopyr/uwsgi/rpc.h>
#include <aiopyr/uwsgi/signals.h>
#include <aiopyr/uwsgi/spooler.h>
#include <aiopyr/uwsgi/timers.h>

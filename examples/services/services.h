#pragma once

#include <aiopyr/aiopyr.h>
#include <aiopyr/uwsgi.h>

/// An app on uWSGI's services, by topic. Each function registers its handlers with uWSGI, in the
/// master, and adds the views that use them.
namespace services {

void include_background(
    aiopyr::Configurator& config);                 // background.cc: signals, timers, cron, files
void include_cache(aiopyr::Configurator& config);  // cache.cc: cache, locks, metrics, logvars
void include_jobs(aiopyr::Configurator& config);   // jobs.cc: mules, spooler
void include_rpc(aiopyr::Configurator& config);    // rpc.cc

}  // namespace services

#pragma once

#include <string>

#include <aiopyr/aiopyr.h>

/// The app that `make bench` measures (docs/performance.md), with one endpoint for each kind of
/// work. Each function adds the routes and views of one of them; app.cc includes them all.
namespace bench {

void include_pages(aiopyr::Configurator& config);       // pages.cc
void include_websockets(aiopyr::Configurator& config);  // websockets.cc
void include_pipeline(aiopyr::Configurator& config);    // pipeline.cc
void include_tweens(aiopyr::Configurator& config);      // tweens.cc
void include_databases(aiopyr::Configurator& config);   // databases.cc
void include_others(aiopyr::Configurator& config);      // others.cc

}  // namespace bench

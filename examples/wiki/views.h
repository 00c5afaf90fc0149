#pragma once

#include <aiopyr/aiopyr.h>

/// The parts of the wiki. Each function adds the routes and views of one; app.cc includes them all.
namespace wiki {

void include_pages(aiopyr::Configurator& config);   // pages.cc
void include_login(aiopyr::Configurator& config);   // login.cc
void include_errors(aiopyr::Configurator& config);  // errors.cc
void include_layout(aiopyr::Configurator& config);  // layout.cc

}  // namespace wiki

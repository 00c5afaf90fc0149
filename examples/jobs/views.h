#pragma once

#include <aiopyr/aiopyr.h>

/// The parts of the job board. Each function adds the routes and views of one; app.cc includes them
/// all.
namespace jobs {

void include_layout(aiopyr::Configurator& config);        // layout.cc
void include_forms(aiopyr::Configurator& config);         // forms.cc
void include_errors(aiopyr::Configurator& config);        // errors.cc
void include_signup(aiopyr::Configurator& config);        // users/signup.cc
void include_login(aiopyr::Configurator& config);         // users/login.cc
void include_ads(aiopyr::Configurator& config);           // ads/pages.cc: the list, an ad
void include_editing(aiopyr::Configurator& config);       // ads/editing.cc: post, edit, delete
void include_api(aiopyr::Configurator& config);           // ads/api.cc
void include_attachments(aiopyr::Configurator& config);   // attachments/pages.cc
void include_applications(aiopyr::Configurator& config);  // applications/pages.cc, and the mail
void include_rates(aiopyr::Configurator& config);         // rates/rates.cc

}  // namespace jobs

#pragma once

#include <cstdint>

#include <aiopyr/aiopyr.h>

namespace jobs {

/// Registers the spooler's job. Needs the settings of Delivery and postgres.url.
void include_mail_job(aiopyr::Configurator& config);

/// Queues the mail of an application. Throws Error where uWSGI has no spooler, or its folder takes
/// nothing.
void spool_mail(std::int64_t application_id);

}  // namespace jobs

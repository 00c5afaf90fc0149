// A job board: who looks for work searches, who has work signs up and posts ads. docs/jobs.md is a
// tour of it; `make jobs-demo` serves it.
#include "../shared/passwords.h"
#include "database.h"
#include "security.h"
#include "views.h"

namespace jobs {

using namespace aiopyr;

void app(Configurator& config) {
  config.registry().emplace<shared::PasswordTasks>();
  config.include(include_database);
  config.include(include_security);
  config.include(include_layout);
  config.include(include_forms);
  config.include(include_signup);
  config.include(include_login);
  config.include(include_ads);
  config.include(include_editing);
  config.include(include_api);
  config.include(include_attachments);
  config.include(include_applications);
  config.include(include_rates);
  config.include(include_errors);
}

}  // namespace jobs

AIOPYR_APP(jobs::app);

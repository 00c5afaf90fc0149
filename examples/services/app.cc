// uWSGI's services from a hosted app: see services.h. configs/services.ini serves it.
#include "services.h"

namespace services {

using namespace aiopyr;

void app(Configurator& config) {
  include_background(config);
  include_cache(config);
  include_jobs(config);
  include_rpc(config);
}

}  // namespace services

AIOPYR_APP(services::app);

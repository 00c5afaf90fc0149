// The app that `make bench` measures; configs/bench.ini serves it.
#include "bench.h"

namespace bench {

using namespace aiopyr;

void app(Configurator& config) {
  config.include(include_tweens);
  config.include(include_pages);
  config.include(include_websockets);
  config.include(include_databases);
  config.include(include_others);
  config.add_static_view("static", "static");
  // Last, so that its request is matched against every route.
  config.include(include_pipeline);
}

}  // namespace bench

AIOPYR_APP(bench::app);

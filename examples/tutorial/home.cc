#include "views.h"

namespace tutorial {

using namespace aiopyr;

Task<Json> home(Request& request) {
  const auto wait_time = request.params().get<double>("sleep", 0.1);
  co_await sleep(wait_time);
  co_return Json{{"title", "aiotutorial websocket test"}, {"wait_time", wait_time}};
}

}  // namespace tutorial

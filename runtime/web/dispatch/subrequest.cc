#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/router.h>
#include <aiopyr/runtime/web/dispatch/subrequest.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

Response invoke_subrequest(Request& subrequest, bool use_tweens) {
  const Handler& whole_chain = subrequest.registry().handle_request;
  if (!whole_chain) {
    throw Error(
        "a subrequest needs the registry of an app that is made: give it request.registry()");
  }
  const auto respond_or_finish = [&] {
    try {
      return use_tweens ? detail::invoke_request(subrequest, whole_chain)
                        : detail::invoke_request(subrequest, detail::handle_request);
    } catch (...) {
      subrequest.run_finished_callbacks();
      throw;
    }
  };
  Response response = respond_or_finish();
  subrequest.run_finished_callbacks();
  return response;
}

}  // namespace aiopyr

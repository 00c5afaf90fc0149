#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/router.h>
#include <aiopyr/runtime/web/subrequest.h>

namespace aiopyr {

namespace {

/// pyramid.router.Router.invoke_request
Response answer(Request& request, bool use_tweens) {
  const Registry& registry = request.registry();
  Response response =
      use_tweens ? registry.handle_request(request) : detail::handle_request(request);
  request.run_response_callbacks(response);
  registry.subscribers.notify(NewResponse{request, response});
  return response;
}

}  // namespace

Response invoke_subrequest(Request& subrequest, bool use_tweens) {
  if (!subrequest.registry().handle_request) {
    throw Error(
        "a subrequest needs the registry of an app that is made: give it request.registry()");
  }
  Response response;
  try {
    response = answer(subrequest, use_tweens);
  } catch (...) {
    subrequest.run_finished_callbacks();
    throw;
  }
  subrequest.run_finished_callbacks();
  return response;
}

}  // namespace aiopyr

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/deferred.h>
#include <aiopyr/runtime/async/event.h>
#include <aiopyr/runtime/async/executor.h>
#include <aiopyr/runtime/async/fd_wait.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/async/gather.h>
#include <aiopyr/runtime/async/lock.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/queue.h>
#include <aiopyr/runtime/async/semaphore.h>
#include <aiopyr/runtime/async/sleep.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/async/spawn_fiber.h>
#include <aiopyr/runtime/async/stopping.h>
#include <aiopyr/runtime/async/synchronize.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/wait_for.h>
#include <aiopyr/runtime/web/app.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/authentication.h>
#include <aiopyr/runtime/web/authn_policy_factory.h>
#include <aiopyr/runtime/web/authorization.h>
#include <aiopyr/runtime/web/blank_request.h>
#include <aiopyr/runtime/web/cache_buster.h>
#include <aiopyr/runtime/web/configurator.h>
#include <aiopyr/runtime/web/cookie_session.h>
#include <aiopyr/runtime/web/csrf.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/json.h>
#include <aiopyr/runtime/web/json_parser.h>
#include <aiopyr/runtime/web/prometheus.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/resource.h>
#include <aiopyr/runtime/web/response.h>
#include <aiopyr/runtime/web/security.h>
#include <aiopyr/runtime/web/session.h>
#include <aiopyr/runtime/web/static_view.h>
#include <aiopyr/runtime/web/subrequest.h>
#include <aiopyr/runtime/web/traversal.h>
#include <aiopyr/runtime/web/traverser.h>
#include <aiopyr/runtime/web/url_options.h>
#include <aiopyr/runtime/web/view_config.h>
#include <aiopyr/runtime/web/view_mapper.h>
#include <aiopyr/websocket/connection_view.h>
#include <aiopyr/websocket/errors.h>
#include <aiopyr/websocket/fragmented_send.h>
#include <aiopyr/websocket/handle.h>
#include <aiopyr/websocket/handshake_info.h>
#include <aiopyr/websocket/mapper.h>
#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/middleware.h>
#include <aiopyr/websocket/slow_client.h>
#include <aiopyr/websocket/topics.h>
#include <aiopyr/websocket/uwsgi_mapper.h>
#include <aiopyr/websocket/view.h>
#include <aiopyr/websocket/websocket.h>

// Checks that apps which include headers by their former paths still compile: headers have moved
// into the folders of their topics.

TEST_CASE("headers are found at their former paths") {
  aiopyr::Task<> task;
  const aiopyr::Message message("text");
  CHECK(aiopyr::ascii_lower('A') == 'a');
  CHECK(message.is_text());
}

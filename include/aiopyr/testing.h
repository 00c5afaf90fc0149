#pragma once

/// Everything for the tests of a hosted app: `#include <aiopyr/testing.h>`, and link with what
/// `pkg-config --libs aiopyr-testing` says. See docs/testing.md.
#include <aiopyr/aiopyr.h>
#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/testing/dummy_request.h>
#include <aiopyr/runtime/web/testing/dummy_resource.h>
#include <aiopyr/runtime/web/testing/dummy_security_policy.h>
#include <aiopyr/runtime/web/testing/dummy_session.h>
#include <aiopyr/runtime/web/testing/run.h>
#include <aiopyr/runtime/web/testing/test_config.h>
#include <aiopyr/websocket/testing/test_client.h>

/// The app's entry, where AIOPYR_APP is in one of the sources that the test is linked with.
extern "C" const aiopyr::AppEntry* aiopyr_app();

namespace aiopyr::testing {

/// The app of the sources that the test is linked with: `TestClient client(hosted_app());`
[[nodiscard]] inline const AppEntry& hosted_app() { return *aiopyr_app(); }

}  // namespace aiopyr::testing

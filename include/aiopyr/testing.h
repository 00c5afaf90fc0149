#pragma once

/// Everything for the tests of a hosted app: `#include <aiopyr/testing.h>`, and link with the
/// output of `pkg-config --libs aiopyr-testing`. See docs/testing.md.
#include <aiopyr/aiopyr.h>
#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/testing/dummy_request.h>
#include <aiopyr/runtime/web/testing/dummy_resource.h>
#include <aiopyr/runtime/web/testing/dummy_security_policy.h>
#include <aiopyr/runtime/web/testing/dummy_session.h>
#include <aiopyr/runtime/web/testing/run.h>
#include <aiopyr/runtime/web/testing/test_config.h>
#include <aiopyr/websocket/testing/test_client.h>

/// Returns the app's entry, defined by AIOPYR_APP in one of the sources that the test is linked
/// with.
extern "C" const aiopyr::AppEntry* aiopyr_app();

namespace aiopyr::testing {

/// Returns the app of the sources that the test is linked with: `TestClient client(hosted_app());`
[[nodiscard]] inline const AppEntry& hosted_app() { return *aiopyr_app(); }

}  // namespace aiopyr::testing

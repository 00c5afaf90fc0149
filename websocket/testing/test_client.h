#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/config/application.h>
#include <aiopyr/runtime/web/testing/app_under_test.h>
#include <aiopyr/runtime/web/testing/http_client.h>
#include <aiopyr/websocket/testing/test_websocket.h>

namespace aiopyr::testing {

/// The parts of a websocket's opening request.
struct WebsocketRequest {
  MultiDict params{};
  Headers headers{};
  std::vector<std::string> subprotocols{};
  std::string origin{};  ///< of the page that connects; clients other than browsers send none
};

struct TestClientOptions {
  std::string base_url = "http://localhost";  ///< includes the app's prefix
  std::string app_folder = ".";               ///< relative template names start here
  bool use_real_time = false;                 ///< see AppOptions
};

namespace detail {
/// A base class, so that the app is made before the client and destroyed after it.
struct AppOwner {
  std::unique_ptr<AppUnderTest> own_app;
};
}  // namespace detail

/// A whole hosted app and a browser for it, in the process of a test: without a server or a port.
/// Its argument is the function of AIOPYR_APP.
///
///     TestClient client(app, {{"greeting", "hi"}});
///     CHECK(client.get("/").text() == "hi");
///
/// It uses the thread that makes it and its loop, with a simulated clock: sleeping takes no time.
/// The constructor throws the exceptions of configuring the app. See docs/testing.md.
class TestClient : private detail::AppOwner, public HttpClient {
 public:
  template <aiopyr::detail::AppFunction F>
  explicit TestClient(F app, Settings settings = {}, TestClientOptions options = {})
      : TestClient(AppUnderTest::Make([app = std::move(app)](Configurator& config) {
                     return aiopyr::detail::make_handler(app, config);
                   }),
                   std::move(settings), std::move(options), FromMake{}) {}
  /// Takes the app of a source with AIOPYR_APP: hosted_app().
  explicit TestClient(const AppEntry& app, Settings settings = {}, TestClientOptions options = {})
      : TestClient(AppUnderTest::Make(app.make), std::move(settings), std::move(options),
                   FromMake{}) {}

  /// Opens a websocket: sends the handshake, and reads the answer.
  TestWebsocket websocket(std::string_view url, WebsocketRequest request = {});

  [[nodiscard]] const Registry& registry() const noexcept { return own_app->registry(); }
  [[nodiscard]] Loop& loop() noexcept { return own_app->loop(); }
  /// Returns the app's log so far, including exceptions of its views.
  [[nodiscard]] std::vector<std::string> log() const { return own_app->log(); }

 private:
  struct FromMake {};
  TestClient(const AppUnderTest::Make& make, Settings settings, TestClientOptions options,
             FromMake);
};

}  // namespace aiopyr::testing

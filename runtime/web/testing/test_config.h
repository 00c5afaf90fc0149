#pragma once

#include <memory>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/testing/dummy_security_policy.h>

namespace aiopyr::testing {

/// A renderer in place of an app's own, which keeps the values that it gets (pyramid.testing
/// .DummyTemplateRenderer). Shared by the requests of a test; renders one at a time.
class DummyTemplateRenderer final : public Renderer {
 public:
  explicit DummyTemplateRenderer(std::string response = {})
      : string_response(std::move(response)) {}

  [[nodiscard]] std::string render(const Json& value, const RenderContext& system) const override;
  [[nodiscard]] std::string_view content_type() const noexcept override { return "text/html"; }

  /// Returns the value of the last call; null before.
  [[nodiscard]] const Json& received() const noexcept { return received_; }

  /// The text that it renders.
  std::string string_response;

 private:
  mutable Json received_;
};

/// A configurator for a test of views alone (pyramid.testing.testConfig: setUp() in its
/// constructor, tearDown() in its destructor). While it exists, it is its thread's current one:
/// requests made without an app, such as DummyRequest, use its registry.
///
///     testing::TestConfig config(Settings{{"greeting", "hi"}});
///     config.add_route("home", "/");
///     testing::DummyRequest request({.params = {{"name", "Ann"}}});
///     CHECK(greet(request).text() == "hi, Ann");
///
/// Its requests have a DummySession, unless it is given another session factory. Its configuration
/// is committed as soon as a request is made. It must outlive its requests.
class TestConfig : public Configurator {
 public:
  explicit TestConfig(Settings settings = {});
  ~TestConfig();
  TestConfig(const TestConfig&) = delete;
  TestConfig& operator=(const TestConfig&) = delete;

  /// Returns the registry of this thread's current TestConfig, with all of its configuration;
  /// without one, the registry of an app without configuration
  /// (pyramid.threadlocal.get_current_registry).
  [[nodiscard]] static const Registry& current_registry();

  /// Sets a policy that answers by `options`, and records its calls.
  std::shared_ptr<const DummySecurityPolicy> testing_securitypolicy(
      DummySecurityOptions options = {});

  /// Replaces the renderer of that name by one that records its values.
  std::shared_ptr<DummyTemplateRenderer> testing_add_renderer(const std::string& name,
                                                              std::string response = {});

 private:
  TestConfig* previous_;
};

}  // namespace aiopyr::testing

#pragma once

#include <memory>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/testing/dummy_security_policy.h>

namespace aiopyr::testing {

/// A renderer in the place of an app's own, that keeps what it was given (pyramid.testing
/// .DummyTemplateRenderer). Shared by the requests of a test; renders one at a time.
class DummyTemplateRenderer final : public Renderer {
 public:
  explicit DummyTemplateRenderer(std::string response = {})
      : string_response(std::move(response)) {}

  [[nodiscard]] std::string render(const Json& value, const RenderContext& system) const override;
  [[nodiscard]] std::string_view content_type() const noexcept override { return "text/html"; }

  /// The value of the last call; null before.
  [[nodiscard]] const Json& received() const noexcept { return received_; }

  /// What it gives.
  std::string string_response;

 private:
  mutable Json received_;
};

/// A configurator for a test of views alone (pyramid.testing.testConfig: setUp() where it is made,
/// tearDown() where it goes). While it is there, it is its thread's current one: requests that are
/// made without an app, such as DummyRequest, are for its registry.
///
///     testing::TestConfig config(Settings{{"greeting", "hi"}});
///     config.add_route("home", "/");
///     testing::DummyRequest request({.params = {{"name", "Ann"}}});
///     CHECK(greet(request).text() == "hi, Ann");
///
/// Its requests have a DummySession, unless it is given another session factory. What was asked for
/// is committed as soon as a request is made. It must outlive them.
class TestConfig : public Configurator {
 public:
  explicit TestConfig(Settings settings = {});
  ~TestConfig();
  TestConfig(const TestConfig&) = delete;
  TestConfig& operator=(const TestConfig&) = delete;

  /// The registry of this thread's current TestConfig, with all that was asked for; without one the
  /// registry of an app that nothing was configured for (pyramid.threadlocal.get_current_registry).
  [[nodiscard]] static const Registry& current_registry();

  /// Sets a policy that answers as `options` say, and records its calls.
  std::shared_ptr<const DummySecurityPolicy> testing_securitypolicy(
      DummySecurityOptions options = {});

  /// Replaces the renderer of that name by one that records the values it was given.
  std::shared_ptr<DummyTemplateRenderer> testing_add_renderer(const std::string& name,
                                                              std::string response = {});

 private:
  TestConfig* previous_;
};

}  // namespace aiopyr::testing

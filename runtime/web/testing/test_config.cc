#include <aiopyr/runtime/web/testing/dummy_session.h>
#include <aiopyr/runtime/web/testing/test_config.h>

namespace aiopyr::testing {

namespace {

/// The config of the test's thread: a test makes one and then its requests, as in Pyramid.
thread_local TestConfig* current_config = nullptr;

/// Sets the factory directly, not by an action, with which the test's own choice would conflict.
void give_dummy_sessions(Registry& registry) {
  registry.security.session_factory = [](Request&) { return std::make_unique<DummySession>(); };
}

/// Returns the registry of requests that are made without a configuration.
const Registry& plain_registry() {
  static const std::unique_ptr<const Registry> kPlain = [] {
    auto registry = std::make_unique<Registry>();
    give_dummy_sessions(*registry);
    return registry;
  }();
  return *kPlain;
}

}  // namespace

std::string DummyTemplateRenderer::render(const Json& value, const RenderContext&) const {
  received_ = value;
  return string_response;
}

TestConfig::TestConfig(Settings settings)
    : Configurator(std::move(settings)), previous_(std::exchange(current_config, this)) {
  give_dummy_sessions(registry());
}

TestConfig::~TestConfig() { current_config = previous_; }

const Registry& TestConfig::current_registry() {
  if (current_config == nullptr) return plain_registry();
  current_config->commit();
  return current_config->registry();
}

std::shared_ptr<const DummySecurityPolicy> TestConfig::testing_securitypolicy(
    DummySecurityOptions options) {
  auto policy = std::make_shared<const DummySecurityPolicy>(std::move(options));
  set_security_policy(policy);
  return policy;
}

std::shared_ptr<DummyTemplateRenderer> TestConfig::testing_add_renderer(const std::string& name,
                                                                        std::string response) {
  auto renderer = std::make_shared<DummyTemplateRenderer>(std::move(response));
  add_renderer(name, [renderer](const RendererInfo&) { return renderer; });
  return renderer;
}

}  // namespace aiopyr::testing

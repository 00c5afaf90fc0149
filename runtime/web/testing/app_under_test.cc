#include <utility>

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/request/request_context.h>
#include <aiopyr/runtime/web/testing/app_under_test.h>

namespace aiopyr::testing {

namespace {

std::unique_ptr<Loop> make_loop(bool use_real_time) {
  if (Loop::current() != nullptr) return nullptr;
  if (use_real_time) return std::make_unique<EvLoop>();
  return std::make_unique<TestLoop>();
}

}  // namespace

AppUnderTest::AppUnderTest(const Make& make, AppOptions options)
    : registry_(
          std::make_shared<Registry>(std::move(options.settings), std::move(options.app_folder))),
      own_loop_(make_loop(options.use_real_time)),
      loop_(own_loop_ ? own_loop_.get() : Loop::current()) {
  registry_->set_logger([this](LogLevel, std::string_view message) { add_to_log(message); });
  if (own_loop_) {
    own_loop_->set_exception_handler(
        [this](const std::exception_ptr& error, std::string_view where) {
          add_to_log(std::string(where) + ": " + describe(error));
        });
  }
  const ClassDefaults::Scope scope(registry_->class_defaults);
  Configurator config(registry_);
  handler_ = make(config);
  if (!handler_) throw ConfigurationError("the app's function returned an empty handler");
  run_until_complete(registry_->worker_hooks.start(*registry_));
}

AppUnderTest::~AppUnderTest() {
  try {
    run_until_complete(registry_->worker_hooks.stop(*registry_));
  } catch (...) {
    Loop::report_exception(std::current_exception(), "on_worker_stop");
  }
  registry_->destroy_objects();
}

Response AppUnderTest::answer(Environ& environ) {
  return run_until_complete(spawn_fiber([&] { return answer_on_fiber(environ); }));
}

Response AppUnderTest::answer_on_fiber(Environ& environ) const {
  Request request(environ, *registry_);
  const detail::RequestContext context(request);
  return detail::ask_app(handler_, request);
}

std::vector<std::string> AppUnderTest::log() const {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

void AppUnderTest::add_to_log(std::string_view message) {
  const std::lock_guard lock(log_mutex_);
  log_.emplace_back(message);
}

}  // namespace aiopyr::testing

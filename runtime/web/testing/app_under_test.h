#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/web/config/application.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/registry/tweens.h>
#include <aiopyr/runtime/web/request/environ.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::testing {

/// Options of a test's app.
struct AppOptions {
  Settings settings{};           ///< those of `aiopyr-set`
  std::string app_folder = ".";  ///< relative template names start here
  bool use_real_time = false;    ///< for an app that waits for other servers
};

/// A hosted app without its server: the handler, on a loop in the test's own thread.
///
/// The loop's clock is simulated unless `use_real_time`: when nothing is left to do but to wait, it
/// jumps to the next deadline. If the thread already has a loop, that one is used. The constructor
/// configures the app and runs its start hooks (Configurator::on_worker_start), and throws their
/// exceptions; the destructor runs its stop hooks, and destroys the objects of its registry.
class AppUnderTest {
 public:
  using Make = std::function<Handler(Configurator&)>;

  AppUnderTest(const Make& make, AppOptions options);
  ~AppUnderTest();
  AppUnderTest(const AppUnderTest&) = delete;
  AppUnderTest& operator=(const AppUnderTest&) = delete;

  [[nodiscard]] const Registry& registry() const noexcept { return *registry_; }
  [[nodiscard]] Loop& loop() noexcept { return *loop_; }

  /// Answers a request as the server would: with the tweens, on a fiber, ready to be sent. Throws
  /// exceptions that the app does not answer, such as ClientDisconnected.
  [[nodiscard]] Response answer(Environ& environ);
  /// Answers a request on the fiber of the caller.
  [[nodiscard]] Response answer_on_fiber(Environ& environ) const;

  /// Returns the log: messages of the app, and of the loop about uncaught exceptions.
  [[nodiscard]] std::vector<std::string> log() const;
  void add_to_log(std::string_view message);

 private:
  std::shared_ptr<Registry> registry_;
  Handler handler_;
  mutable std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Loop> own_loop_;  // destroyed first: its fibers use all of the above
  Loop* loop_;
};

}  // namespace aiopyr::testing

#include <aiopyr/runtime/web/testing/turn_until.h>

namespace aiopyr::testing {

namespace {

class Deadline final : public Timer {
 public:
  [[nodiscard]] bool has_passed() const noexcept { return passed_; }

 private:
  void on_timer() override { passed_ = true; }

  bool passed_ = false;
};

}  // namespace

bool turn_until(Loop& loop, Duration timeout, const std::function<bool()>& done) {
  Deadline deadline;
  deadline.start_after(loop, timeout);
  while (!done()) {
    if (deadline.has_passed()) return false;
    loop.run_once(true);
  }
  return true;
}

}  // namespace aiopyr::testing

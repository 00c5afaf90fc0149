#include <algorithm>
#include <utility>

#include <aiopyr/plugin/body_core.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

int taken_body_cores = 0;

}  // namespace

bool BodyCore::is_free() noexcept { return taken_body_cores < std::max(uwsgi.async / 2, 1); }

bool BodyCore::take() noexcept {
  if (is_taken_) return true;
  if (!is_free()) return false;
  ++taken_body_cores;
  return is_taken_ = true;
}

bool BodyCore::give_back() noexcept {
  if (!std::exchange(is_taken_, false)) return false;
  --taken_body_cores;
  return true;
}

}  // namespace aiopyr::plugin

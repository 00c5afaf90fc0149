#include <chrono>

#include <aiopyr/runtime/web/security/unix_clock.h>

namespace aiopyr {

double unix_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace aiopyr

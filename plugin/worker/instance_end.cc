#include <atomic>
#include <new>
#include <sys/mman.h>

#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/instance_end.h>

namespace aiopyr::plugin {

namespace {

using SharedFlag = std::atomic<bool>;
static_assert(SharedFlag::is_always_lock_free);

SharedFlag* is_ending = nullptr;

}  // namespace

void share_instance_end() noexcept {
  void* memory = ::mmap(nullptr, sizeof(SharedFlag), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) is_ending = new (memory) SharedFlag(false);
}

void publish_instance_end() noexcept {
  if (is_ending != nullptr) *is_ending = uwsgi_instance_is_dying;
}

bool instance_is_ending() noexcept { return is_ending != nullptr && *is_ending; }

}  // namespace aiopyr::plugin

#include <algorithm>
#include <random>
#include <unistd.h>

#include <aiopyr/clients/base/backoff.h>

namespace aiopyr::clients {

namespace {

/// The most doublings that are counted: more would only overflow.
constexpr std::uint32_t kMostDoublings = 20;

struct Generator {
  pid_t process = getpid();
  std::minstd_rand engine{std::random_device()()};
};

}  // namespace

void Backoff::failed(TimePoint now, double chance) noexcept {
  const Duration doubled = limits_.first * (1U << std::min(failures_, kMostDoublings));
  const Duration whole = std::min(doubled, limits_.longest);
  const double share = 0.5 + 0.5 * std::clamp(chance, 0.0, 1.0);
  until_ = now + std::chrono::duration_cast<Duration>(whole * share);
  ++failures_;
}

void Backoff::succeeded() noexcept {
  until_.reset();
  failures_ = 0;
}

double random_chance() {
  static thread_local Generator generator;
  if (generator.process != getpid()) generator = Generator();
  return std::uniform_real_distribution<double>()(generator.engine);
}

}  // namespace aiopyr::clients

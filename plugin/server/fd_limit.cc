#include <algorithm>
#include <string>
#include <sys/resource.h>

#include <aiopyr/plugin/server/fd_limit.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// The most descriptors that are useful. In containers whose only limit is the kernel's (a thousand
/// million), uWSGI's tables and its loops over all descriptors would take gigabytes and minutes.
constexpr rlim_t kMostUseful = rlim_t{1} << 20;

/// The soft limit before it was raised; 0 if it was not.
rlim_t raised_from = 0;

}  // namespace

void raise_fd_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min(limit.rlim_max, std::max(before, kMostUseful));
  if (limit.rlim_cur <= before) return;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) raised_from = before;
}

void announce_fd_limit() noexcept {
  if (raised_from == 0 || uwsgi.requested_max_fd != 0) return;
  log_line("limit of open files raised from " + std::to_string(raised_from) + " to " +
           std::to_string(uwsgi.max_fd));
}

}  // namespace aiopyr::plugin

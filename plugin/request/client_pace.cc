#include <algorithm>
#include <chrono>

#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/plugin/request/client_pace.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// The time for a client to read all of its response if slow clients hold all cores that they may.
constexpr Duration kMoment = std::chrono::seconds(1);

}  // namespace

void ClientPace::begin(FdEvents direction) noexcept {
  paced_ = direction;
  bytes_ = 0;
  const bool reads = direction == FdEvents::kRead;
  const ConnectionLimits& limits = connections_.limits();
  const LeastPace least = reads ? LeastPace{limits.read_timeout} : limits.reading_pace();
  pace_.begin(least, connections_.loop().now(), progress());
  end_without_right_ = std::nullopt;
}

/// Returns how much the client has moved in the direction that is paced.
std::size_t ClientPace::progress() const noexcept {
  if (paced_ == FdEvents::kRead) return bytes_ + request_.post_pos;
  const std::size_t written = request_.headers_size + request_.response_size + request_.write_pos;
  if (written == 0) return 0;
  return written - std::min(written, unsent_bytes(request_.fd));
}

std::optional<Duration> ClientPace::limit(int fd, FdEvents direction) noexcept {
  if (paced_ != direction || fd != request_.fd) return std::nullopt;
  const TimePoint now = connections_.loop().now();
  return end(now) - now;
}

/// Returns the time until which the client has to have moved more.
TimePoint ClientPace::end(TimePoint now) noexcept {
  const TimePoint end = pace_.end(now, progress());
  if (paced_ == FdEvents::kRead || right_.take(connections_.slow_cores())) return end;
  if (!end_without_right_) end_without_right_ = now + kMoment;
  return std::min(end, *end_without_right_);
}

}  // namespace aiopyr::plugin

#include <algorithm>

#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/plugin/request/client_pace.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

void ClientPace::begin(FdEvents direction) noexcept {
  paced_ = direction;
  bytes_ = 0;
  const bool reads = direction == FdEvents::kRead;
  const LeastPace least = reads ? LeastPace{limits_.read_timeout} : limits_.reading_pace();
  pace_.begin(least, loop_.now(), progress());
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
  return pace_.end(loop_.now(), progress()) - loop_.now();
}

}  // namespace aiopyr::plugin

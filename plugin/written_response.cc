#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/written_response.h>

namespace aiopyr::plugin {

WrittenResponse::~WrittenResponse() { drop(); }

bool WrittenResponse::has_room_for(std::size_t bytes) const noexcept {
  if (bytes_ == nullptr) return bytes <= kMost;
  return bytes_->pos + bytes <= std::min(kMost, bytes_->len);
}

void WrittenResponse::add(uwsgi_buffer* bytes) noexcept {
  if (bytes_ == nullptr) {
    bytes_ = bytes;
    return;
  }
  std::copy_n(bytes->buf, bytes->pos, bytes_->buf + bytes_->pos);
  bytes_->pos += bytes->pos;
  give_back_head(bytes);
}

WrittenResponse::Outcome WrittenResponse::send(int fd) noexcept {
  ssize_t count = 0;
  do {
    count = ::send(fd, bytes_->buf + sent_, bytes_->pos - sent_, MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  const bool is_slow = count >= 0 || errno == EAGAIN || errno == EWOULDBLOCK;
  if (count > 0) sent_ += static_cast<std::size_t>(count);
  const bool is_whole = sent_ == bytes_->pos;
  if (is_slow && !is_whole) return Outcome::kSome;
  drop();
  return is_whole ? Outcome::kAll : Outcome::kFailed;
}

std::string WrittenResponse::take(std::string_view more) {
  if (bytes_ == nullptr) return {};
  const std::string_view unsent(bytes_->buf + sent_, bytes_->pos - sent_);
  std::string rest;
  rest.reserve(unsent.size() + more.size());
  rest.append(unsent).append(more);
  drop();
  return rest;
}

void WrittenResponse::drop() noexcept {
  if (bytes_ != nullptr) give_back_head(std::exchange(bytes_, nullptr));
  sent_ = 0;
}

}  // namespace aiopyr::plugin

#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/written_response.h>

namespace aiopyr::plugin {

WrittenResponse::~WrittenResponse() { drop(); }

WrittenResponse::Outcome WrittenResponse::send(int fd) noexcept {
  ssize_t count = 0;
  do {
    count = ::send(fd, bytes_->buf, bytes_->pos, MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  if (count >= 0 && static_cast<std::size_t>(count) == bytes_->pos) {
    drop();
    return Outcome::kAll;
  }
  sent_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  if (count >= 0 || errno == EAGAIN || errno == EWOULDBLOCK) return Outcome::kSome;
  drop();
  return Outcome::kFailed;
}

std::string WrittenResponse::rest() const { return {bytes_->buf + sent_, bytes_->pos - sent_}; }

void WrittenResponse::drop() noexcept {
  if (bytes_ != nullptr) give_back_head(std::exchange(bytes_, nullptr));
}

}  // namespace aiopyr::plugin

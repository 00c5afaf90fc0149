#include <aiopyr/plugin/connection/answers.h>
#include <aiopyr/plugin/io/socket_buffers.h>

namespace aiopyr::plugin {

namespace {

/// The number of unsent bytes up to which a socket takes as many as are ever held, if its buffer is
/// not smaller than usual.
constexpr std::size_t kMostUnsent = std::size_t{16} << 10U;

}  // namespace

Answers::Answers(Owner& owner, ClientStream& stream, Loop& loop, OutputBatch& batch,
                 bool has_small_buffers) noexcept
    : owner_(owner),
      stream_(stream),
      loop_(loop),
      batch_(batch),
      has_small_buffers_(has_small_buffers) {}

bool Answers::add(std::string_view head, std::string_view body) {
  if (!held_.add(head, body)) return false;
  if (!sending_.is_linked()) batch_.add(loop_, sending_);
  return true;
}

bool Answers::has_room_for(std::size_t bytes) noexcept {
  if (is_stuck_ || bytes > HeldBytes::kMost) return false;
  return held_.has_room_for(bytes) || send();
}

bool Answers::may_hold_on() noexcept {
  if (has_rest() && !is_read_) {
    is_read_ = !has_small_buffers_ && unsent_bytes(stream_.fd()) <= kMostUnsent;
  }
  return !has_rest() || is_read_;
}

bool Answers::send() noexcept {
  sending_.unlink();
  is_read_ = false;
  if (!has_rest()) return !is_stuck_;
  const auto outcome = held_.send(stream_.transport());
  is_stuck_ = outcome != HeldBytes::Outcome::kAll;
  if (outcome != HeldBytes::Outcome::kSome) rest_watch_.stop();
  return !is_stuck_;
}

std::string Answers::take(std::string_view more) {
  std::string rest = held_.take(more);
  sending_.unlink();
  rest_watch_.stop();
  is_read_ = false;
  if (!rest.empty()) is_stuck_ = false;
  return rest;
}

void Answers::send_in_batch() {
  if (send() || owner_.on_stuck()) return;
  if (has_rest()) rest_watch_.start(loop_, stream_.fd(), FdEvents::kWrite);
}

}  // namespace aiopyr::plugin

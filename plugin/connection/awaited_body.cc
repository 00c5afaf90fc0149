#include <utility>

#include <aiopyr/plugin/connection/awaited_body.h>
#include <aiopyr/plugin/io/socket_buffers.h>

namespace aiopyr::plugin {

AwaitedBody::AwaitedBody(std::optional<std::size_t> rest, std::size_t worth,
                         std::unique_ptr<BodyInput> input, bool is_counted) noexcept
    : worth_(worth),
      rest_(rest.value_or(kUnknown)),
      input_(std::move(input)),
      is_counted_(is_counted) {}

bool AwaitedBody::read_on(Transport& stream) noexcept {
  if (input_ == nullptr) return true;
  input_->read(stream);
  return input_->is_enough();
}

bool AwaitedBody::has_more_to_come(int fd) const noexcept {
  if (input_ != nullptr) return !input_->is_whole();
  if (rest_ == 0) return false;
  return !is_countable() || unread_bytes(fd) < rest_;
}

std::optional<std::size_t> AwaitedBody::countable_rest() const noexcept {
  if (!is_countable() || rest_ > kMostWhole) return std::nullopt;
  return rest_;
}

std::size_t AwaitedBody::received(int fd) const noexcept {
  if (input_ != nullptr) return input_->size();
  return worth_ > 0 ? unread_bytes(fd) : 0;
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <aiopyr/plugin/connection/held_bytes.h>
#include <aiopyr/plugin/io/spares.h>

namespace aiopyr::plugin {

namespace {

Spares<char> spare_bytes;

char* take_bytes() noexcept {
  char* const spare = spare_bytes.take();
  return spare != nullptr ? spare : static_cast<char*>(std::malloc(HeldBytes::kMost));
}

}  // namespace

bool HeldBytes::add(std::string_view head, std::string_view body) noexcept {
  if (bytes_ == nullptr) bytes_ = take_bytes();
  if (bytes_ == nullptr) return false;
  char* const end = std::copy(head.begin(), head.end(), bytes_ + size_);
  std::copy(body.begin(), body.end(), end);
  size_ += head.size() + body.size();
  return true;
}

HeldBytes::Outcome HeldBytes::send(Transport& stream) noexcept {
  const std::array unsent{iovec{bytes_ + sent_, size_ - sent_}};
  const auto [status, count, error] = stream.write(unsent);
  sent_ += count;
  const bool is_whole = sent_ == size_;
  const bool is_slow = status == Transport::Status::kOk ||
                       status == Transport::Status::kWantWrite ||
                       status == Transport::Status::kWantRead;
  if (is_slow && !is_whole) return Outcome::kSome;
  drop();
  return is_whole ? Outcome::kAll : Outcome::kFailed;
}

std::string HeldBytes::take(std::string_view more) {
  if (bytes_ == nullptr) return {};
  const std::string_view unsent(bytes_ + sent_, size_ - sent_);
  std::string rest;
  rest.reserve(unsent.size() + more.size());
  rest.append(unsent).append(more);
  drop();
  return rest;
}

void HeldBytes::drop() noexcept {
  char* const bytes = std::exchange(bytes_, nullptr);
  if (bytes != nullptr && !spare_bytes.keep(bytes)) std::free(bytes);
  size_ = sent_ = 0;
}

}  // namespace aiopyr::plugin

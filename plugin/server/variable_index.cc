#include <algorithm>

#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/variable_index.h>

namespace aiopyr::plugin {

namespace {

std::string_view text_of(const iovec& part) noexcept {
  return {static_cast<const char*>(part.iov_base), part.iov_len};
}

/// Returns the name of the i-th variable; uWSGI's vectors alternate names and values.
std::string_view name_of(const wsgi_request& request, std::size_t i) noexcept {
  return text_of(request.hvec[2 * i]);
}

std::string_view value_of(const wsgi_request& request, std::size_t i) noexcept {
  const std::string_view value = text_of(request.hvec[2 * i + 1]);
  return value.data() != nullptr ? value : std::string_view("");
}

/// Returns a hash of length, middle and end: names begin alike, with HTTP_, SERVER_, REQUEST_.
std::size_t hash_of(std::string_view name) noexcept {
  if (name.empty()) return 0;
  const auto middle = static_cast<unsigned char>(name[name.size() / 2]);
  const auto last = static_cast<unsigned char>(name.back());
  return (name.size() * 7 + middle * 5U + last) % 64;
}

}  // namespace

void VariableIndex::catch_up(std::size_t count) noexcept {
  if (known_ == 0) last_.fill(kNone);
  for (; known_ < count; ++known_) {
    std::uint8_t& last = last_[hash_of(name_of(request_, known_))];
    before_[known_] = last;
    last = static_cast<std::uint8_t>(known_);
  }
}

std::string_view VariableIndex::find(std::string_view name) noexcept {
  const std::size_t count = request_.var_cnt / 2U;
  for (std::size_t i = count; i > kMostVariables; --i) {
    if (name_of(request_, i - 1) == name) return value_of(request_, i - 1);
  }
  catch_up(std::min(count, kMostVariables));
  if (known_ == 0) return {};
  for (std::uint8_t i = last_[hash_of(name)]; i != kNone; i = before_[i]) {
    if (name_of(request_, i) == name) return value_of(request_, i);
  }
  return {};
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>

#include <aiopyr/runtime/text/ip_address.h>

namespace aiopyr {

namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kMappedBits = kMapped.size() * 8;

/// Reads the number of bits behind the slash: digits alone, and no more than `most`.
std::optional<std::size_t> parse_bits(std::string_view text, std::size_t most) noexcept {
  std::size_t bits = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, bits);
  if (failed != std::errc() || stop != end || bits > most) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  // Refuses a NUL, at which the text would end for inet_pton().
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  IpAddress address;
  if (inet_pton(AF_INET6, copy.data(), address.bytes_.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
  if (inet_pton(AF_INET, copy.data(), &address.bytes_[kMapped.size()]) == 1) return address;
  return std::nullopt;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, &bytes_[kMapped.size()], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  }
  return text.data();
}

bool IpAddress::is_v4() const noexcept {
  return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

std::optional<IpNetwork> IpNetwork::parse_any(std::string_view text) noexcept {
  const auto slash = text.find('/');
  const std::string_view begin = text.substr(0, slash);
  const auto address = IpAddress::parse(begin);
  if (!address) return std::nullopt;
  IpNetwork network;
  network.address_ = *address;
  network.bits_ = address->bytes_.size() * 8;
  if (slash == std::string_view::npos) return network;
  const bool is_dotted = begin.find(':') == std::string_view::npos;
  const std::size_t before = is_dotted ? kMappedBits : 0;
  const auto bits = parse_bits(text.substr(slash + 1), network.bits_ - before);
  if (!bits) return std::nullopt;
  network.bits_ = before + *bits;
  return network;
}

/// Returns the address without the bits behind the prefix.
IpAddress IpNetwork::first() const noexcept {
  IpAddress first = address_;
  for (std::size_t i = 0; i < first.bytes_.size(); ++i) {
    const std::size_t kept = bits_ > i * 8 ? std::min<std::size_t>(bits_ - i * 8, 8) : 0;
    first.bytes_[i] &= static_cast<std::uint8_t>(0xFFU << (8U - kept));
  }
  return first;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) noexcept {
  const auto network = parse_any(text);
  if (!network || network->first() != network->address_) return std::nullopt;
  return network;
}

std::string IpNetwork::without_host_bits(std::string_view text) {
  const auto network = parse_any(text);
  if (!network || network->first() == network->address_) return {};
  return network->first().text() + std::string(text.substr(text.find('/')));
}

bool IpNetwork::contains(const IpAddress& address) const noexcept {
  if (address.is_v4() && bits_ < kMappedBits) return false;
  IpNetwork other;
  other.address_ = address;
  other.bits_ = bits_;
  return other.first() == address_;
}

}  // namespace aiopyr

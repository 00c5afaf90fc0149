#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <sys/socket.h>

#include <aiopyr/plugin/io/proxy_header.h>

namespace aiopyr::plugin {

namespace {

using Status = ProxyHeader::Status;

constexpr ProxyHeader kMore{.status = Status::kMore};
constexpr ProxyHeader kBad{.status = Status::kBad};

/// Returns whether one of them begins with the other.
bool agree(std::string_view a, std::string_view b) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  return a.substr(0, common) == b.substr(0, common);
}

// --- version 1

constexpr std::string_view kLineBegin = "PROXY ";
constexpr std::size_t kLongestLine = 107;

/// Removes the text before the next space, which has to be there.
bool take_word(std::string_view& rest, std::string_view& word) noexcept {
  const auto space = rest.find(' ');
  if (space == std::string_view::npos) return false;
  word = rest.substr(0, space);
  rest.remove_prefix(space + 1);
  return true;
}

bool copy_address(std::string_view text, int family, ProxiedEnds::End& end) noexcept {
  if (text.empty() || text.size() >= end.address_text.size()) return false;
  // Refuses a NUL, where the text would end for inet_pton().
  if (text.find('\0') != std::string_view::npos) return false;
  std::copy(text.begin(), text.end(), end.address_text.begin());
  in6_addr parsed{};
  return inet_pton(family, end.address_text.data(), &parsed) == 1;
}

bool copy_port(std::string_view text, ProxiedEnds::End& end) noexcept {
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), last, port);
  if (failed != std::errc() || stop != last || (text.size() > 1 && text[0] == '0')) return false;
  std::copy(text.begin(), text.end(), end.port_text.begin());
  return true;
}

/// Reads the line without `PROXY` and its end.
bool read_line(std::string_view line, ProxiedEnds& ends) noexcept {
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return true;
  std::string_view family;
  std::string_view source;
  std::string_view destination;
  std::string_view source_port;
  if (!take_word(line, family) || (family != "TCP4" && family != "TCP6")) return false;
  if (!take_word(line, source) || !take_word(line, destination) || !take_word(line, source_port)) {
    return false;
  }
  const int number = family == "TCP4" ? AF_INET : AF_INET6;
  return copy_address(source, number, ends.source) &&
         copy_address(destination, number, ends.destination) &&
         copy_port(source_port, ends.source) && copy_port(line, ends.destination);
}

ProxyHeader read_version_1(std::string_view bytes) noexcept {
  const std::string_view most = bytes.substr(0, kLongestLine);
  const auto end = most.find('\n');
  if (end == std::string_view::npos) return bytes.size() < kLongestLine ? kMore : kBad;
  ProxyHeader header{.status = Status::kWhole, .size = end + 1};
  std::string_view line = most.substr(0, end);
  if (line.size() <= kLineBegin.size() || !line.ends_with('\r')) return kBad;
  line.remove_suffix(1);
  line.remove_prefix(kLineBegin.size());
  return read_line(line, header.ends) ? header : kBad;
}

// --- version 2

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixedSize = 16;

unsigned byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

unsigned number_at(std::string_view bytes, std::size_t at) noexcept {
  return byte_at(bytes, at) << 8U | byte_at(bytes, at + 1);
}

void write_port(unsigned port, ProxiedEnds::End& end) noexcept {
  std::to_chars(end.port_text.data(), end.port_text.data() + end.port_text.size() - 1, port);
}

/// Reads two addresses of `size` bytes, then two ports. Returns false if they are cut short.
bool read_addresses(std::string_view block, int family, std::size_t size,
                    ProxiedEnds& ends) noexcept {
  if (block.size() < 2 * size + 4) return false;
  const auto write = [family](const char* from, ProxiedEnds::End& end) {
    inet_ntop(family, from, end.address_text.data(),
              static_cast<socklen_t>(end.address_text.size()));
  };
  write(block.data(), ends.source);
  write(block.data() + size, ends.destination);
  write_port(number_at(block, 2 * size), ends.source);
  write_port(number_at(block, 2 * size + 2), ends.destination);
  return true;
}

/// Reads the addresses; skips the TLVs after them.
bool read_block(unsigned family, std::string_view block, ProxiedEnds& ends) noexcept {
  constexpr std::size_t kUnixPaths = 216;
  switch (family) {
    case 0:
      return true;
    case 1:
      return read_addresses(block, AF_INET, sizeof(in_addr), ends);
    case 2:
      return read_addresses(block, AF_INET6, sizeof(in6_addr), ends);
    case 3:
      return block.size() >= kUnixPaths;
    default:
      return false;
  }
}

ProxyHeader read_version_2(std::string_view bytes) noexcept {
  if (bytes.size() < kFixedSize) return kMore;
  constexpr unsigned kLocal = 0x20;
  constexpr unsigned kProxied = 0x21;
  const unsigned command = byte_at(bytes, kSignature.size());
  const unsigned family = byte_at(bytes, kSignature.size() + 1);
  const std::size_t size = kFixedSize + number_at(bytes, kSignature.size() + 2);
  constexpr unsigned kDatagrams = 2;
  if ((command != kLocal && command != kProxied) || size > ProxyHeader::kMost ||
      (family & 0xFU) > kDatagrams) {
    return kBad;
  }
  if (bytes.size() < size) return kMore;
  ProxyHeader header{.status = Status::kWhole, .size = size};
  const std::string_view block = bytes.substr(kFixedSize, size - kFixedSize);
  // The ends of a proxy's own connection are the real ones, whatever the header says.
  return command == kLocal || read_block(family >> 4U, block, header.ends) ? header : kBad;
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) noexcept {
  if (bytes.empty()) return kMore;
  const bool is_line = agree(bytes, kLineBegin);
  if (!is_line && !agree(bytes, kSignature)) return {};
  if (is_line) return bytes.size() < kLineBegin.size() ? kMore : read_version_1(bytes);
  return bytes.size() < kSignature.size() ? kMore : read_version_2(bytes);
}

}  // namespace aiopyr::plugin

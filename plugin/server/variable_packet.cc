#include <cstddef>

#include <aiopyr/plugin/server/variable_packet.h>

namespace aiopyr::plugin {

namespace {

/// Cuts a text with its length off.
std::string_view take_text(std::string_view& packet) noexcept {
  if (packet.size() < 2) return {};
  const auto low = static_cast<unsigned char>(packet[0]);
  const auto high = static_cast<unsigned char>(packet[1]);
  const std::size_t length = low | static_cast<std::size_t>(high) << 8U;
  const std::string_view text = packet.substr(2, length);
  packet.remove_prefix(2 + text.size());
  return text;
}

void append_text(std::string& packet, std::string_view text) {
  packet += static_cast<char>(text.size() & 0xFFU);
  packet += static_cast<char>(text.size() >> 8U & 0xFFU);
  packet += text;
}

}  // namespace

std::string_view packet_value(std::string_view packet, std::string_view wanted) noexcept {
  std::string_view found;
  while (packet.size() >= 2) {
    const std::string_view name = take_text(packet);
    const std::string_view value = take_text(packet);
    if (name == wanted) found = value;
  }
  return found;
}

void remove_from_packet(std::string& packet, std::string_view name) {
  std::size_t at = 0;
  while (packet.size() - at >= 2) {
    std::string_view rest = std::string_view(packet).substr(at);
    const std::size_t before = rest.size();
    const bool is_meant = take_text(rest) == name;
    take_text(rest);
    const std::size_t size = before - rest.size();
    if (is_meant) {
      packet.erase(at, size);
    } else {
      at += size;
    }
  }
}

void append_to_packet(std::string& packet, std::string_view name, std::string_view value) {
  append_text(packet, name);
  append_text(packet, value);
}

}  // namespace aiopyr::plugin

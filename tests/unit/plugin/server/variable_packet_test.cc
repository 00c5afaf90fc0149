#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/server/variable_packet.h>

namespace aiopyr::plugin {
namespace {

std::string length_of(std::size_t size) {
  return {static_cast<char>(size & 0xFF), static_cast<char>(size >> 8U)};
}

std::string variable(const std::string& name, const std::string& value) {
  return length_of(name.size()) + name + length_of(value.size()) + value;
}

TEST_CASE("A variable is found in a packet, the last of its name") {
  const std::string packet = variable("A", "1") + variable("B", "") +
                             variable("LONG", std::string(300, 'x')) + variable("A", "2");
  CHECK(packet_value(packet, "A") == "2");
  CHECK(packet_value(packet, "LONG").size() == 300);
  CHECK(packet_value(packet, "B").data() != nullptr);
  CHECK(packet_value(packet, "B").empty());
  CHECK(packet_value(packet, "C").data() == nullptr);
}

TEST_CASE("A packet that is cut anywhere is read as far as it goes") {
  const std::string packet = variable("A", "12") + variable("AB", "345");
  for (std::size_t size = 0; size < packet.size(); ++size) {
    CAPTURE(size);
    const std::string cut = packet.substr(0, size);
    CHECK(packet_value(cut, "A").size() <= 2);
    CHECK(packet_value(cut, "AB").size() < 3);
  }
}

}  // namespace
}  // namespace aiopyr::plugin

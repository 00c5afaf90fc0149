#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/io/proxy_header.h>

using namespace aiopyr::plugin;

namespace {

using Status = ProxyHeader::Status;
using namespace std::string_literals;

Status status_of(std::string_view bytes) { return read_proxy_header(bytes).status; }

/// Returns source and destination, as `address port`, with a bar between.
std::string ends_of(std::string_view bytes) {
  const ProxyHeader header = read_proxy_header(bytes);
  REQUIRE(header.status == Status::kWhole);
  const auto text = [](const ProxiedEnds::End& end) {
    return std::string(end.address()).append(" ").append(end.port());
  };
  return text(header.ends.source) + "|" + text(header.ends.destination);
}

/// Returns a header of version 2.
std::string binary(char command, char family, const std::string& block) {
  std::string bytes = "\r\n\r\n\0\r\nQUIT\n"s;
  bytes += {command, family, static_cast<char>(block.size() >> 8U),
            static_cast<char>(block.size() & 0xFFU)};
  return bytes + block;
}

const std::string kFour = "\xC0\x00\x02\x07\x7F\x00\x00\x01\x12\x67\x01\xBB"s;
const std::string kSix = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x07" +
                         std::string(15, '\0') + "\x01\xFF\xFF\x00\x50"s;

}  // namespace

TEST_CASE("a PROXY line names both ends of a connection") {
  CHECK(ends_of("PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n") == "192.0.2.7 4711|127.0.0.1 80");
  CHECK(ends_of("PROXY TCP6 2001:db8::7 ::1 0 65535\r\n") == "2001:db8::7 0|::1 65535");
  CHECK(ends_of("PROXY UNKNOWN\r\nGET") == " | ");
  CHECK(ends_of("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n") == " | ");
  CHECK(read_proxy_header("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n").size == 15);
}

TEST_CASE("a PROXY line that is malformed or too long is bad") {
  for (const std::string& line : {"TCP4 192.0.2.7 127.0.0.1 4711"s,
                                  "TCP4 192.0.2.7 127.0.0.1"s,
                                  "TCP4 192.0.2.7"s,
                                  "TCP4"s,
                                  ""s,
                                  "TCP4 192.0.2.7 127.0.0.1 4711 80 "s,
                                  "TCP4 192.0.2.7  127.0.0.1 4711 80"s,
                                  "TCP4 192.0.2 127.0.0.1 4711 80"s,
                                  "TCP4 192.0.2.7 x 4711 80"s,
                                  "TCP4 ::1 ::1 4711 80"s,
                                  "TCP6 192.0.2.7 127.0.0.1 4711 80"s,
                                  "TCP4 192.0.2.7 127.0.0.1 65536 80"s,
                                  "TCP4 192.0.2.7 127.0.0.1 -1 80"s,
                                  "TCP4 192.0.2.7 127.0.0.1 04711 80"s,
                                  "TCP4 192.0.2.7 127.0.0.1 4711 "s,
                                  "TCP5 192.0.2.7 127.0.0.1 4711 80"s,
                                  "UNKNOWNX"s,
                                  "tcp4"s,
                                  "TCP4 192.0.2.7\0 127.0.0.1 4711 80"s,
                                  "UNKNOWN " + std::string(200, 'x')}) {
    CAPTURE(line);
    CHECK(status_of("PROXY " + line + "\r\n") == Status::kBad);
  }
  CHECK(status_of("PROXY UNKNOWN\n") == Status::kBad);
  CHECK(status_of("PROXY \n") == Status::kBad);
  CHECK(status_of("PROXY UNKNOWN\rGET / HTTP/1.1\r\n") == Status::kBad);
}

TEST_CASE("a binary header names both ends of a connection, and what follows is skipped") {
  const std::string options = "\x03\x00\x04\x01\x02\x03\x04"s;
  for (const std::string& more : {""s, options}) {
    CHECK(ends_of(binary('\x21', '\x11', kFour + more)) == "192.0.2.7 4711|127.0.0.1 443");
    CHECK(ends_of(binary('\x21', '\x21', kSix + more)) == "2001:db8::7 65535|::1 80");
    CHECK(ends_of(binary('\x21', '\x31', std::string(216, 'p') + more)) == " | ");
    CHECK(ends_of(binary('\x21', '\0', more)) == " | ");
    CHECK(ends_of(binary('\x20', '\0', more)) == " | ");
  }
  CHECK(ends_of(binary('\x20', '\x11', kFour)) == " | ");
  CHECK(read_proxy_header(binary('\x21', '\x11', kFour) + "GET").size == 28);
}

TEST_CASE("a binary header that is malformed or too long is bad") {
  CHECK(status_of(binary('\x11', '\x11', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x22', '\x11', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x41', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x13', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x11', kFour.substr(1))) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x21', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x31', kFour)) == Status::kBad);
  CHECK(status_of(binary('\x21', '\x11', kFour + std::string(5000, 'x'))) == Status::kBad);
}

TEST_CASE("what is no header is none, and one that is cut short asks for more") {
  for (const std::string_view bytes : {"G", "GET / HTTP/1.1\r\n\r\n", "PROPFIND / HTTP/1.1",
                                       "PROXYX", "\r\nGET", "\x16\x03\x01"}) {
    CAPTURE(bytes);
    CHECK(status_of(bytes) == Status::kNone);
  }
  for (const std::string& whole :
       {"PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n"s, "PROXY UNKNOWN\r\n"s,
        binary('\x21', '\x11', kFour), binary('\x20', '\0', "")}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(whole, size);
      CHECK(status_of(std::string_view(whole).substr(0, size)) == Status::kMore);
    }
    CHECK(read_proxy_header(whole).size == whole.size());
    CHECK(read_proxy_header(whole + whole).size == whole.size());
  }
}

// Requires that any bytes in front of a connection are read the same way, however they are cut: as
// no header, a bad one, or a whole one with the ends that its proxy has written.
#include <arpa/inet.h>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/plugin/io/proxy_header.h>

namespace {

using namespace aiopyr::plugin;
using Status = ProxyHeader::Status;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Returns AF_INET or AF_INET6, or -1 for a text that is no address.
int family_of(std::string_view address) {
  const std::string text(address);
  in6_addr parsed{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), &parsed) == 1) return family;
  }
  return -1;
}

void check_end(const ProxiedEnds::End& end) {
  require(family_of(end.address()) != -1);
  require(!end.port().empty() &&
          end.port().find_first_not_of("0123456789") == std::string_view::npos);
  require(std::stoul(std::string(end.port())) <= 65535);
}

bool same(const ProxiedEnds::End& a, const ProxiedEnds::End& b) {
  return a.address() == b.address() && a.port() == b.port();
}

/// Requires that a header says the same when it is written anew as a line.
void check_ends(const ProxiedEnds& ends) {
  if (ends.source.address().empty()) {
    require(ends.destination.address().empty() && ends.source.port().empty());
    return;
  }
  check_end(ends.source);
  check_end(ends.destination);
  const int family = family_of(ends.source.address());
  require(family == family_of(ends.destination.address()));
  std::string line = family == AF_INET ? "PROXY TCP4 " : "PROXY TCP6 ";
  line.append(ends.source.address()).append(" ").append(ends.destination.address()).append(" ");
  line.append(ends.source.port()).append(" ").append(ends.destination.port()).append("\r\n");
  const ProxyHeader again = read_proxy_header(line);
  require(again.status == Status::kWhole && again.size == line.size());
  require(same(again.ends.source, ends.source) && same(again.ends.destination, ends.destination));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ProxyHeader whole = read_proxy_header(bytes);
  require(whole.size <= size);
  if (whole.status == Status::kWhole) check_ends(whole.ends);
  // Requires that a part of the bytes promises nothing that all of them do not keep.
  for (std::size_t count = 0; count < size; ++count) {
    const ProxyHeader part = read_proxy_header(bytes.substr(0, count));
    if (part.status == Status::kMore) {
      require(whole.status != Status::kWhole || count < whole.size);
    } else {
      require(part.status == whole.status && part.size == whole.size);
    }
  }
  return 0;
}

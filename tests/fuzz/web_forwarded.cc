// Requires that any bytes as Forwarded and X-Forwarded-For are refused or understood in one way: a
// header that is written anew says the same, and entries before the client do not matter.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/runtime/http1/forwarded.h>
#include <aiopyr/runtime/http1/trusted_proxies.h>
#include <aiopyr/runtime/text/authority.h>

namespace {

using namespace aiopyr;

void require(bool holds) {
  if (!holds) std::abort();
}

const TrustedProxies& trusted() {
  static const TrustedProxies proxies = [] {
    TrustedProxies made;
    require(made.add("10.0.0.0/8 2001:db8::/32").empty());
    return made;
  }();
  return proxies;
}

std::string write(const ForwardedElement& element) {
  std::string text;
  if (element.client) {
    const ForwardedNode& node = *element.client;
    std::string name = node.address ? node.address->text() : "unknown";
    if (node.address && !node.address->is_v4()) name = "[" + name + "]";
    if (!node.port.empty()) name += ":" + node.port;
    text = "for=\"" + name + "\"";
  }
  if (!element.scheme.empty()) text += ";proto=" + element.scheme;
  if (!element.host.empty()) text += ";host=\"" + element.host + "\"";
  return text;
}

void check(const ToldClient& client) {
  if (client.address) {
    require(client.address->empty() || IpAddress::parse(*client.address).has_value());
  }
  require(client.scheme.empty() || client.scheme == "http" || client.scheme == "https");
  require(client.host.empty() || is_authority(client.host));
  for (const char c : client.port + client.host_port) require(c >= '0' && c <= '9');
}

bool is_same(const ToldClient& a, const ToldClient& b) {
  return a.address == b.address && a.port == b.port && a.scheme == b.scheme && a.host == b.host;
}

void check_forwarded(std::string_view text) {
  const auto elements = parse_forwarded(text);
  const auto client = told_client(trusted(), {.forwarded = text});
  require(elements.has_value() == client.has_value());
  if (!elements) return;
  check(*client);
  std::string again;
  for (const ForwardedElement& element : *elements) {
    const std::string written = write(element);
    // Writes something for an element that tells nothing: a list skips empty ones.
    again += written.empty() ? "by=_x, " : written + ", ";
  }
  const auto same = told_client(trusted(), {.forwarded = again});
  require(same.has_value() && is_same(*client, *same));
}

void check_x_forwarded_for(std::string_view text) {
  const auto client = told_client(trusted(), {.x_forwarded_for = text});
  if (!client) return;
  check(*client);
  if (!client->address || client->address->empty()) return;
  if (trusted().trust(*IpAddress::parse(*client->address))) return;
  const std::string longer = "garbage, " + std::string(text);
  const auto same = told_client(trusted(), {.x_forwarded_for = longer});
  require(same.has_value() && is_same(*client, *same));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_forwarded(bytes);
  check_x_forwarded_for(bytes);
  const auto half = size / 2;
  const auto both = told_client(trusted(), {.forwarded = bytes.substr(0, half),
                                            .x_forwarded_for = bytes.substr(half),
                                            .x_forwarded_proto = bytes.substr(0, half),
                                            .x_forwarded_host = bytes.substr(half),
                                            .x_forwarded_port = bytes.substr(half)});
  if (both) check(*both);
  static_cast<void>(TrustedProxies().add(bytes));
  return 0;
}

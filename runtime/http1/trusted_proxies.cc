#include <algorithm>
#include <utility>

#include <aiopyr/runtime/http1/forwarded.h>
#include <aiopyr/runtime/http1/trusted_proxies.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>

namespace aiopyr {

namespace {

constexpr std::string_view kUnix = "unix:";

std::string complaint_about(std::string_view item) {
  const std::string shown = "'" + printable(item) + "' ";
  const std::string meant = IpNetwork::without_host_bits(item);
  if (!meant.empty()) {
    return shown + "has bits behind its prefix: write " + meant + ", or the address alone";
  }
  if (item == "unix") return shown + "lacks its colon: write unix:";
  return shown + "is no address (10.0.0.1, 2001:db8::1), network (10.0.0.0/8) or unix:";
}

/// Removes and returns the first item of a list, separated by spaces or commas; empty at the end.
std::string_view take_item(std::string_view& list) noexcept {
  constexpr std::string_view kSeparators = " \t,";
  list.remove_prefix(std::min(list.find_first_not_of(kSeparators), list.size()));
  const std::string_view item = list.substr(0, list.find_first_of(kSeparators));
  list.remove_prefix(item.size());
  return item;
}

/// Returns the elements of a list that are not empty.
std::vector<std::string_view> elements_of(std::string_view list) {
  std::vector<std::string_view> elements;
  while (!list.empty()) {
    const std::string_view element = trim_whitespace(take_until(list, ','));
    if (!element.empty()) elements.push_back(element);
  }
  return elements;
}

/// Returns the element of a list that the client's proxy has added: the first of the last `hops`,
/// which are trusted. Each proxy has added one to the end, or only some have.
std::string_view of_client(std::string_view list, std::size_t hops) {
  const auto elements = elements_of(list);
  if (elements.empty()) return {};
  return elements[elements.size() - std::min(hops, elements.size())];
}

/// Rewrites a port without leading zeros. Returns false if it is not a port.
bool make_port_plain(std::string& port) {
  if (port.empty()) return true;
  auto plain = plain_port(port);
  if (plain) port = std::move(*plain);
  return plain.has_value();
}

void set_node(ToldClient& client, const ForwardedNode& node) {
  client.address = node.address ? node.address->text() : std::string();
  client.port = node.address ? node.port : std::string();
}

bool is_trusted(const TrustedProxies& trusted, const ForwardedNode& node) {
  return node.address && trusted.trust(*node.address);
}

/// Reads X-Forwarded-For as far as it is trusted. Returns the number of hops, or 0 if it is
/// malformed there.
std::size_t read_x_forwarded_for(const TrustedProxies& trusted, std::string_view list,
                                 ToldClient& client) {
  const auto elements = elements_of(list);
  std::size_t hops = 0;
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    const auto node = parse_forwarded_node(*element);
    if (!node) return 0;
    set_node(client, *node);
    ++hops;
    if (!is_trusted(trusted, *node)) break;
  }
  return std::max<std::size_t>(hops, 1);
}

std::optional<ToldClient> told_by_x_forwarded(const TrustedProxies& trusted,
                                              const ForwardingHeaders& headers) {
  ToldClient client;
  const std::size_t hops = read_x_forwarded_for(trusted, headers.x_forwarded_for, client);
  if (hops == 0) return std::nullopt;
  const std::string_view scheme = of_client(headers.x_forwarded_proto, hops);
  client.scheme = forwarded_scheme(scheme);
  client.host = of_client(headers.x_forwarded_host, hops);
  client.host_port = of_client(headers.x_forwarded_port, hops);
  if (client.scheme.empty() != scheme.empty()) return std::nullopt;
  if (!client.host.empty() && !make_host_plain(client.host)) return std::nullopt;
  if (!make_port_plain(client.host_port)) return std::nullopt;
  return client;
}

std::optional<ToldClient> told_by_forwarded(const TrustedProxies& trusted, std::string_view text) {
  const auto elements = parse_forwarded(text);
  if (!elements) return std::nullopt;
  ToldClient client;
  for (auto element = elements->rbegin(); element != elements->rend(); ++element) {
    if (!element->scheme.empty()) client.scheme = element->scheme;
    if (!element->host.empty()) client.host = element->host;
    // Stops here: a proxy that does not say whom it serves does not say which proxy spoke before.
    if (!element->client) break;
    set_node(client, *element->client);
    if (!is_trusted(trusted, *element->client)) break;
  }
  return client;
}

/// Takes a value over if only one of both tells it. Returns false if they contradict each other.
bool merge(std::string& into, const std::string& other) {
  if (into.empty()) into = other;
  return other.empty() || ascii_iequals(into, other);
}

/// Does the same for hosts, of which one may tell the default port of `scheme` and the other none.
/// The one with a port is kept.
bool merge_hosts(std::string& into, const std::string& other, std::string_view scheme) {
  if (into.empty() || other.empty()) return merge(into, other);
  const Authority first = split_authority(into);
  const Authority second = split_authority(other);
  const std::string_view usual = default_port(scheme);
  const std::string_view first_port = first.port.empty() ? usual : first.port;
  const std::string_view second_port = second.port.empty() ? usual : second.port;
  if (first_port != second_port || !ascii_iequals(first.host, second.host)) return false;
  if (first.port.empty() && !second.port.empty()) into = other;
  return true;
}

}  // namespace

std::string TrustedProxies::add(std::string_view list) {
  TrustedProxies added = *this;
  bool is_empty = true;
  for (auto item = take_item(list); !item.empty(); item = take_item(list)) {
    is_empty = false;
    const auto network = IpNetwork::parse(item);
    if (network) {
      added.networks_.push_back(*network);
    } else if (item == kUnix) {
      added.trusts_unix_ = true;
    } else {
      return complaint_about(item);
    }
  }
  if (is_empty) return "it names nobody";
  *this = std::move(added);
  return {};
}

bool TrustedProxies::trust(const IpAddress& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

std::optional<ToldClient> told_client(const TrustedProxies& trusted,
                                      const ForwardingHeaders& headers) {
  auto client = told_by_x_forwarded(trusted, headers);
  if (!client || headers.forwarded.empty()) return client;
  const auto other = told_by_forwarded(trusted, headers.forwarded);
  if (!other) return std::nullopt;
  if (!client->address) client->address = other->address;
  if (other->address && *client->address != *other->address) return std::nullopt;
  if (!merge(client->port, other->port) || !merge(client->scheme, other->scheme)) {
    return std::nullopt;
  }
  const std::string_view scheme = client->scheme.empty() ? headers.own_scheme : client->scheme;
  return merge_hosts(client->host, other->host, scheme) ? client : std::nullopt;
}

}  // namespace aiopyr

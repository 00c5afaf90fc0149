#include <algorithm>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/clients/http/engine/names.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::http {

namespace {

constexpr std::size_t kMostNames = 1000;
// libcurl tries them one after the other, those of both families side by side.
constexpr std::size_t kMostAddresses = 8;

std::string shown(const clients::Address& address) {
  return address.family() == AF_INET6 ? "[" + address.host() + "]" : address.host();
}

std::string key_of(const std::string& host, std::uint16_t port) {
  return host + ":" + std::to_string(port);
}

std::string joined(const std::vector<clients::Address>& addresses) {
  std::string text;
  const std::size_t count = std::min(addresses.size(), kMostAddresses);
  for (std::size_t at = 0; at < count; ++at) {
    text.append(at == 0 ? "" : ",").append(shown(addresses[at]));
  }
  return text;
}

/// Returns a name that stands for these addresses, in any order, and for no others.
std::string name_of(const std::vector<clients::Address>& addresses) {
  std::vector<std::string> texts;
  const std::size_t count = std::min(addresses.size(), kMostAddresses);
  for (std::size_t at = 0; at < count; ++at) texts.push_back(shown(addresses[at]));
  std::sort(texts.begin(), texts.end());
  std::string all;
  for (const std::string& text : texts) all.append(text).append(" ");
  static const HashAlgorithm algorithm("sha256");
  // A label of a name has at most 63 characters. `.invalid` exists nowhere (RFC 2606).
  return "a" + algorithm.hexdigest(all).substr(0, 60) + ".invalid";
}

}  // namespace

Pins pin(const std::vector<clients::Address>& addresses, std::uint16_t port) {
  const std::string number = std::to_string(port);
  if (addresses.size() == 1) return {"::" + shown(addresses.front()) + ":" + number, ""};
  const std::string name = name_of(addresses);
  return {"::" + name + ":" + number, pin_name(name, port, addresses)};
}

std::string pin_name(const std::string& name, std::uint16_t port,
                     const std::vector<clients::Address>& addresses) {
  // The plus: libcurl forgets it in time, else its table would only grow.
  return "+" + name + ":" + std::to_string(port) + ":" + joined(addresses);
}

const std::vector<clients::Address>* Names::find(const std::string& host,
                                                 std::uint16_t port) const {
  const auto found = entries_.find(key_of(host, port));
  if (found == entries_.end() || found->second.until <= Loop::current()->now()) return nullptr;
  return &found->second.addresses;
}

Task<std::vector<clients::Address>> Names::look_up(std::string host, std::uint16_t port,
                                                   Seconds timeout) {
  std::string key = key_of(host, port);
  auto asked = clients::resolve(std::move(host), port, timeout);
  std::vector<clients::Address> addresses = co_await std::move(asked);
  if (entries_.size() >= kMostNames) entries_.clear();
  entries_[std::move(key)] = {addresses, Loop::current()->now() + keep_.duration()};
  co_return addresses;
}

}  // namespace aiopyr::http

#include <array>
#include <utility>

#include <aiopyr/clients/base/connection_url.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr::clients {

namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw ConfigurationError("a client's URL " + problem +
                           ": expected scheme://user:password@host:port/path?key=value");
}

/// Decodes percent-escapes (RFC 3986 section 2.1).
std::string decode(std::string_view text, std::string_view part) {
  if (find_bad_escape(text)) {
    refuse("has a '%' in its " + std::string(part) +
           " that no two hexadecimal digits follow (write '%' as %25)");
  }
  return percent_decode(text);
}

/// Cuts `text` at the first `separator`; the second part is nullopt where there is none.
std::pair<std::string_view, std::optional<std::string_view>> cut(std::string_view text,
                                                                 char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
}

/// Calls f for each part between separators.
template <class F>
void for_each_part(std::string_view text, char separator, F f) {
  for (std::optional<std::string_view> rest = text; rest;) {
    const auto [part, behind] = cut(*rest, separator);
    f(part);
    rest = behind;
  }
}

ConnectionUrl::Host parse_host(std::string_view text) {
  ConnectionUrl::Host host;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) refuse("has a '[' without its ']'");
    host.name = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') refuse("has something between ']' and the port");
    has_port = !port.empty();
    if (has_port) port.remove_prefix(1);
  } else {
    const auto [name, behind] = cut(text, ':');
    host.name = decode(name, "host");
    has_port = behind.has_value();
    port = behind.value_or("");
  }
  if (has_port && !port.empty()) {
    host.port = parse_number<std::uint16_t>(port);
    if (!host.port || *host.port == 0) refuse("has a port that is no number from 1 to 65535");
  }
  return host;
}

void parse_authority(std::string_view authority, ConnectionUrl& url) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const auto [user, password] = cut(authority.substr(0, at), ':');
    url.user = decode(user, "user");
    url.password = decode(password.value_or(""), "password");
    authority.remove_prefix(at + 1);
  }
  if (authority.empty()) return;
  for_each_part(authority, ',',
                [&](std::string_view host) { url.hosts.push_back(parse_host(host)); });
}

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr std::array<Unit, 6> kUnits = {Unit{"ms", 0.001}, Unit{"min", 60},  Unit{"s", 1},
                                        Unit{"h", 3600},   Unit{"d", 86400}, Unit{"", 1}};

std::optional<Duration> parse_duration(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const auto number = parse_number<double>(text.substr(0, text.size() - unit.name.size()));
    if (!number || !(*number >= 0)) return std::nullopt;
    return Seconds(*number * unit.seconds).duration();
  }
  return std::nullopt;
}

/// Returns f(value), where the parameter is there and f can read it.
template <class F>
auto read(std::optional<std::string> value, std::string_view name, std::string_view expected, F f)
    -> decltype(f(*value)) {
  if (!value) return std::nullopt;
  auto result = f(*value);
  if (!result) {
    refuse("has " + std::string(name) + "=" + *value + ", which is no " + std::string(expected));
  }
  return result;
}

}  // namespace

ConnectionUrl ConnectionUrl::parse(std::string_view text) {
  ConnectionUrl url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) refuse("has no scheme");
  url.scheme = ascii_lower(text.substr(0, colon));
  const auto [before_query, query] = cut(text.substr(colon + 3), '?');
  const auto [authority, path] = cut(before_query, '/');
  parse_authority(authority, url);
  url.path = decode(path.value_or(""), "path");
  if (!query.value_or("").empty()) {
    for_each_part(*query, '&', [&](std::string_view part) {
      const auto [name, value] = cut(part, '=');
      const std::string key = decode(name, "query");
      if (!url.parameters.emplace(key, decode(value.value_or(""), "query")).second) {
        refuse("has the parameter '" + key + "' twice");
      }
    });
  }
  return url;
}

std::string ConnectionUrl::shown() const {
  std::string text = scheme + "://";
  for (std::size_t index = 0; index < hosts.size(); ++index) {
    const Host& host = hosts[index];
    const bool is_ipv6 = host.name.find(':') != std::string::npos;
    if (index > 0) text += ',';
    text += is_ipv6 ? '[' + host.name + ']' : host.name;
    if (host.port) text += ':' + std::to_string(*host.port);
  }
  return path.empty() ? text : text + '/' + path;
}

std::optional<std::string> ConnectionUrl::take(std::string_view name) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  std::string value = std::move(found->second);
  parameters.erase(found);
  return value;
}

std::optional<std::uint64_t> ConnectionUrl::take_number(std::string_view name) {
  return read(take(name), name, "whole number",
              [](const std::string& text) { return parse_number<std::uint64_t>(text); });
}

std::optional<Duration> ConnectionUrl::take_duration(std::string_view name) {
  return read(take(name), name, "length of time (as 0.5, 500ms, 2s, 5min, 1h)",
              [](const std::string& text) { return parse_duration(text); });
}

std::optional<bool> ConnectionUrl::take_bool(std::string_view name) {
  return read(take(name), name, "yes or no", [](const std::string& text) -> std::optional<bool> {
    if (text == "yes" || text == "true" || text == "on" || text == "1") return true;
    if (text == "no" || text == "false" || text == "off" || text == "0") return false;
    return std::nullopt;
  });
}

void ConnectionUrl::require_all_taken(std::string_view known) const {
  if (parameters.empty()) return;
  throw ConfigurationError("the URL " + shown() + " has an unknown parameter '" +
                           parameters.begin()->first + "'; known are " + std::string(known));
}

}  // namespace aiopyr::clients

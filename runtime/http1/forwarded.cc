#include <algorithm>
#include <utility>

#include <aiopyr/runtime/http1/forwarded.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>

namespace aiopyr {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Returns whether a text is `_` and at least one more character (RFC 7239 section 6.3).
bool is_obfuscated(std::string_view text) noexcept {
  return text.size() > 1 && text[0] == '_' && std::all_of(text.begin() + 1, text.end(), [](char c) {
           const char lower = ascii_lower(c);
           return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '.' || c == '_' || c == '-';
         });
}

/// Takes a number of at most five digits. Accepts a name that hides it, which is no port for us.
bool take_port(std::string_view text, std::string& port) {
  if (is_obfuscated(text)) return true;
  if (text.size() > 5) return false;
  auto plain = plain_port(text);
  if (plain) port = std::move(*plain);
  return plain.has_value();
}

/// Returns whether RFC 7239 section 5 defines the parameter.
bool is_known(std::string_view name) noexcept {
  return name == "for" || name == "by" || name == "host" || name == "proto";
}

/// Reads one header from its beginning to its end.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  /// Returns false where it is malformed.
  bool read(std::vector<ForwardedElement>& elements) {
    for (;;) {
      bool is_empty = true;
      ForwardedElement element;
      if (!read_element(element, is_empty)) return false;
      // RFC 9110 section 5.6.1: lists may have elements with nothing in them.
      if (!is_empty) elements.push_back(std::move(element));
      if (rest_.empty()) return true;
      if (!take(',')) return false;
    }
  }

 private:
  void skip_spaces() noexcept {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }

  bool take(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool read_element(ForwardedElement& element, bool& is_empty) {
    std::vector<std::string> names;
    for (;;) {
      skip_spaces();
      if (!rest_.empty() && rest_[0] != ';' && rest_[0] != ',') {
        is_empty = false;
        if (!read_pair(element, names)) return false;
        skip_spaces();
      }
      if (!take(';')) return true;
    }
  }

  bool read_pair(ForwardedElement& element, std::vector<std::string>& names) {
    const auto equals = rest_.find('=');
    if (equals == std::string_view::npos || !is_http_token(rest_.substr(0, equals))) return false;
    std::string name = ascii_lower(rest_.substr(0, equals));
    rest_.remove_prefix(equals + 1);
    std::string value;
    if (!read_value(value)) return false;
    // Skips unknown parameters without comparing them: a client may send thousands.
    if (!is_known(name)) return true;
    if (std::find(names.begin(), names.end(), name) != names.end()) return false;
    const bool is_understood = take_pair(element, name, value);
    names.push_back(std::move(name));
    return is_understood;
  }

  static bool take_pair(ForwardedElement& element, std::string_view name,
                        const std::string& value) {
    if (name == "for") {
      element.client = parse_forwarded_node(value);
      return element.client.has_value();
    }
    if (name == "proto") {
      element.scheme = forwarded_scheme(value);
      return !element.scheme.empty();
    }
    if (name != "host") return true;
    element.host = value;
    return make_host_plain(element.host);
  }

  bool read_value(std::string& value) {
    if (take('"')) return read_quoted(value);
    const auto end = std::min(rest_.find_first_of(",; \t"), rest_.size());
    value = rest_.substr(0, end);
    rest_.remove_prefix(end);
    // Some proxies do not quote what has colons and brackets in it, though it is no token.
    std::string token = value;
    std::erase_if(token, [](char c) { return c == ':' || c == '[' || c == ']'; });
    return is_http_token(token);
  }

  /// Reads a quoted string after its first quote (RFC 9110 section 5.6.4).
  bool read_quoted(std::string& value) {
    while (!rest_.empty()) {
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c == '\\') {
        if (rest_.empty()) return false;
        c = rest_[0];
        rest_.remove_prefix(1);
      }
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\t') || byte == 0x7F) return false;
      value += c;
    }
    return false;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<ForwardedNode> parse_forwarded_node(std::string_view text) {
  ForwardedNode node;
  node.address = IpAddress::parse(text);
  if (node.address) return node;
  const auto [host, port] = split_authority(text);
  if (host.size() != text.size() && !take_port(port, node.port)) return std::nullopt;
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return std::nullopt;
    node.address = IpAddress::parse(host.substr(1, host.size() - 2));
    if (!node.address || host.find(':') == std::string_view::npos) return std::nullopt;
    return node;
  }
  if (ascii_iequals(host, "unknown") || is_obfuscated(host)) return node;
  // An IPv6 address needs brackets for a port.
  if (host.find(':') != std::string_view::npos) return std::nullopt;
  node.address = IpAddress::parse(host);
  return node.address ? std::optional(node) : std::nullopt;
}

std::optional<std::vector<ForwardedElement>> parse_forwarded(std::string_view text) {
  std::vector<ForwardedElement> elements;
  if (!Reader(text).read(elements)) return std::nullopt;
  return elements;
}

bool make_host_plain(std::string& host) {
  if (!is_authority(host)) return false;
  const auto [name, told_port] = split_authority(host);
  const std::optional<std::string> port = plain_port(told_port);
  if (!told_port.empty() && !port) return false;
  host.resize(name.size());
  if (port) host.append(":").append(*port);
  return true;
}

std::string_view forwarded_scheme(std::string_view text) noexcept {
  if (ascii_iequals(text, "https") || ascii_iequals(text, "wss")) return "https";
  return ascii_iequals(text, "http") || ascii_iequals(text, "ws") ? "http" : "";
}

}  // namespace aiopyr

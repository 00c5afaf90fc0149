#include <algorithm>
#include <array>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/url/url.h>
#include <aiopyr/websocket/session/handshake_info.h>

namespace aiopyr {
namespace {

constexpr std::array<std::string_view, 6> kOfTheHandshake{"Upgrade",
                                                          "Connection",
                                                          "Sec-WebSocket-Key",
                                                          "Sec-WebSocket-Version",
                                                          "Sec-WebSocket-Accept",
                                                          "Sec-WebSocket-Extensions"};

// The names of fields that are not headers: short, as each connection stores them.
constexpr std::string_view kPathInfo = ":p";
constexpr std::string_view kQueryString = ":q";
constexpr std::string_view kScheme = ":s";
constexpr std::string_view kRemoteAddr = ":a";
constexpr std::string_view kRemotePort = ":o";
constexpr std::string_view kMatchedRoute = ":r";
constexpr std::string_view kSubprotocol = ":w";
constexpr std::string_view kExtensions = ":e";

bool is_worth_keeping(std::string_view header) {
  return std::none_of(kOfTheHandshake.begin(), kOfTheHandshake.end(),
                      [&](auto name) { return ascii_iequals(name, header); });
}

void append(std::string& fields, std::string_view name, std::string_view value) {
  if (value.empty() || value.find('\0') != std::string_view::npos) return;
  fields.append(name).push_back('\0');
  fields.append(value).push_back('\0');
}

std::string_view take_string(std::string_view& fields) noexcept {
  const auto end = fields.find('\0');
  const auto text = fields.substr(0, end);
  fields.remove_prefix(end + 1);
  return text;
}

}  // namespace

HandshakeInfo::HandshakeInfo(Request& request, std::string_view subprotocol,
                             std::string_view extensions)
    : rest_(std::make_unique<Rest>(
          Rest{request.matchdict(), request.attributes(), request.kept_resources()})),
      settings_(&request.settings()) {
  drop_empty_rest();
  std::string fields;
  append(fields, kPathInfo, request.path_info());
  append(fields, kQueryString, request.query_string());
  append(fields, kScheme, request.scheme());
  append(fields, kRemoteAddr, request.remote_addr());
  append(fields, kRemotePort, request.remote_port());
  append(fields, kMatchedRoute, request.matched_route());
  append(fields, kSubprotocol, subprotocol);
  append(fields, kExtensions, extensions);
  for (const auto& [name, value] : request.headers()) {
    if (is_worth_keeping(name)) append(fields, name, value);
  }
  // Copies, so that the capacity is exactly the size.
  fields_ = std::string(std::string_view(fields));
}

std::string_view HandshakeInfo::find(std::string_view name) const noexcept {
  for (std::string_view rest = fields_; !rest.empty();) {
    const auto field = take_string(rest);
    const auto value = take_string(rest);
    if (ascii_iequals(field, name)) return value;
  }
  return {};
}

std::string_view HandshakeInfo::path_info() const noexcept { return find(kPathInfo); }

std::string_view HandshakeInfo::query_string() const noexcept { return find(kQueryString); }

MultiDict HandshakeInfo::query() const { return parse_query(query_string()); }

std::string_view HandshakeInfo::scheme() const noexcept { return find(kScheme); }

std::string_view HandshakeInfo::remote_addr() const noexcept { return find(kRemoteAddr); }

std::string_view HandshakeInfo::remote_port() const noexcept { return find(kRemotePort); }

std::string_view HandshakeInfo::header(std::string_view name) const noexcept {
  return name.starts_with(':') ? std::string_view() : find(name);
}

Cookies HandshakeInfo::cookies() const { return parse_cookies(header("Cookie")); }

std::string_view HandshakeInfo::matched_route() const noexcept { return find(kMatchedRoute); }

std::string_view HandshakeInfo::subprotocol() const noexcept { return find(kSubprotocol); }

const HandshakeInfo::Rest& HandshakeInfo::rest() const noexcept {
  static const Rest kNone;
  return rest_ ? *rest_ : kNone;
}

void HandshakeInfo::drop_empty_rest() noexcept {
  if (rest_->matchdict.empty() && rest_->attributes.empty() && rest_->kept.empty()) rest_.reset();
}

void HandshakeInfo::forget_context() noexcept {
  if (!rest_) return;
  rest_->kept = {};
  drop_empty_rest();
}

std::string_view HandshakeInfo::extensions() const noexcept { return find(kExtensions); }

const Settings& HandshakeInfo::settings() const noexcept {
  static const Settings kNone;
  return settings_ != nullptr ? *settings_ : kNone;
}

}  // namespace aiopyr

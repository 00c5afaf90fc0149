#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <aiopyr/plugin/io/body_input.h>
#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/plugin/request/body_rules.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/plugin/server/variable_packet.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::plugin {

namespace {

std::string_view packet_of(const wsgi_request& core) noexcept {
  return {core.buffer, packet_size(core)};
}

/// Returns whether the client waits for an invitation to send its body, which only HTTP sockets
/// give.
bool is_to_be_invited(const wsgi_request& core) noexcept {
  return traits_of(*core.socket).is_http &&
         packet_value(packet_of(core), "HTTP_EXPECT").data() != nullptr;
}

}  // namespace

std::size_t most_body() noexcept {
  const std::size_t most = options().max_body;
  return uwsgi.limit_post > 0 ? std::min<std::size_t>(most, uwsgi.limit_post) : most;
}

ProxiedBody proxied_body(const wsgi_request& core) noexcept {
  if (core.uh->modifier1 != 0 && core.uh->modifier1 != kModifier1) return {};
  const std::string_view packet = packet_of(core);
  const std::string_view length = packet_value(packet, "CONTENT_LENGTH");
  if (length.empty()) {
    const std::string_view encoding = packet_value(packet, "HTTP_TRANSFER_ENCODING");
    return {.is_chunked = ascii_iequals(encoding, "chunked")};
  }
  if (!packet_value(packet, "UWSGI_POSTFILE").empty()) return {};
  std::size_t bytes = 0;
  const auto error = std::from_chars(length.data(), length.data() + length.size(), bytes).ec;
  return {.length = error == std::errc::result_out_of_range ? SIZE_MAX : bytes};
}

std::size_t missing_body(const wsgi_request& core, bool is_counted) noexcept {
  const std::size_t length = core.post_cl;
  if (length <= core.proto_parser_remains || length > most_body()) return 0;
  if (!is_counted || is_to_be_invited(core)) return 0;
  // Counts the bytes in the socket's buffer, where they cost this process nothing.
  const std::size_t wanted = std::min(length - core.proto_parser_remains, BodyInput::kMost);
  return unread_bytes(core.fd) < wanted ? wanted : 0;
}

bool is_body_to_read_ahead(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept {
  const std::size_t length = core.post_cl;
  if (!is_chunked && (length <= core.proto_parser_remains || is_counted)) return false;
  if (length > most_body() || BodyInput::memory() >= options().write_buffer) return false;
  return !is_to_be_invited(core);
}

bool has_body_to_come(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept {
  if (is_chunked) return true;
  if (core.post_cl <= core.proto_parser_remains || core.post_cl > most_body()) return false;
  return !is_counted || unread_bytes(core.fd) < core.post_cl - core.proto_parser_remains;
}

}  // namespace aiopyr::plugin

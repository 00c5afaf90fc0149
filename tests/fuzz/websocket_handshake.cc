#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/websocket/protocol/handshake.h>

// The input's lines are the header values. Checks that the outcome is always a documented one, and
// that nothing of the request gets into a header except a subprotocol of our own.

namespace {

using namespace aiopyr::websocket;

std::string_view take_line(std::string_view& input) {
  const auto end = input.find('\n');
  const auto line = input.substr(0, end);
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  return line;
}

bool is_documented(const HandshakeOutcome& outcome) {
  switch (outcome.status) {
    case 101:
      return outcome.error == ProtocolError::kNone && outcome.headers.size() >= 3;
    case 400:
    case 403:
    case 405:
    case 426:
      return is_handshake_error(outcome.error);
    default:
      return false;
  }
}

bool has_line_break(const HandshakeOutcome& outcome) {
  for (const auto& [name, value] : outcome.headers) {
    if (value.find_first_of("\r\n") != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input{reinterpret_cast<const char*>(data), size};
  HandshakeRequest request;
  HandshakeOptions options;
  options.subprotocols = {"chat", "superchat"};
  options.origins = OriginPolicy::from_setting(take_line(input));
  for (auto* value :
       {&request.upgrade, &request.connection, &request.key, &request.version, &request.protocols,
        &request.origin, &request.scheme, &request.host, &request.http_version}) {
    *value = take_line(input);
  }
  request.method = input.empty() ? "GET" : input;
  const auto outcome = check_handshake(request, options);
  if (!is_documented(outcome) || has_line_break(outcome)) std::abort();
  if (!outcome.subprotocol.empty() && outcome.subprotocol != "chat" &&
      outcome.subprotocol != "superchat") {
    std::abort();
  }
  return 0;
}

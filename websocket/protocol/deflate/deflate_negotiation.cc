#include <algorithm>
#include <string_view>

#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>

namespace aiopyr::websocket {
namespace {

constexpr std::string_view kName = "permessage-deflate";
constexpr std::string_view kServerNoTakeover = "server_no_context_takeover";
constexpr std::string_view kClientNoTakeover = "client_no_context_takeover";
constexpr std::string_view kServerWindow = "server_max_window_bits";
constexpr std::string_view kClientWindow = "client_max_window_bits";
constexpr int kLargestWindow = 15;

struct DeflateOffer {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_window{};
  std::optional<int> client_window{};  // 15 if the offer leaves the choice to us
};

// Parses a window (section 7.1.2): decimal, no leading zeros, 8 to 15.
std::optional<int> parse_window(std::string_view value) noexcept {
  if (value == "8" || value == "9") return value[0] - '0';
  if (value.size() != 2 || value[0] != '1' || value[1] < '0' || value[1] > '5') return std::nullopt;
  return 10 + (value[1] - '0');
}

// Sets a flag. Returns false if the parameter is repeated, or has a value.
bool set_flag(bool& flag, const ExtensionParameter& parameter) noexcept {
  if (flag || parameter.value) return false;
  return flag = true;
}

bool set_window(std::optional<int>& window, const ExtensionParameter& parameter) noexcept {
  if (window || !parameter.value) return false;
  window = parse_window(*parameter.value);
  return window.has_value();
}

// Sets the client's window (section 7.1.2.2): the only parameter whose value is optional.
bool set_client_window(std::optional<int>& window, const ExtensionParameter& parameter) noexcept {
  if (window || parameter.value) return set_window(window, parameter);
  window = kLargestWindow;
  return true;
}

bool read_parameter(DeflateOffer& offer, const ExtensionParameter& parameter) noexcept {
  if (parameter.name == kServerNoTakeover) {
    return set_flag(offer.server_no_context_takeover, parameter);
  }
  if (parameter.name == kClientNoTakeover) {
    return set_flag(offer.client_no_context_takeover, parameter);
  }
  if (parameter.name == kServerWindow) return set_window(offer.server_window, parameter);
  if (parameter.name == kClientWindow) return set_client_window(offer.client_window, parameter);
  return false;
}

std::optional<DeflateOffer> read_offer(const Extension& extension) noexcept {
  if (extension.name != kName) return std::nullopt;
  DeflateOffer offer;
  const auto& parameters = extension.parameters;
  const bool is_valid =
      std::all_of(parameters.begin(), parameters.end(),
                  [&offer](const auto& parameter) { return read_parameter(offer, parameter); });
  return is_valid ? std::optional(offer) : std::nullopt;
}

void add_flag(std::string& response, bool flag, std::string_view name) {
  if (flag) response.append("; ").append(name);
}

void add_window(std::string& response, std::string_view name, int bits) {
  response.append("; ").append(name).append("=").append(std::to_string(bits));
}

// Answers each request of the client with its parameter, which accepts it (sections 7.1.1 and
// 7.1.2); the client's window may be named only if the offer has named it.
DeflateAgreement agree(const DeflateOffer& offer, const PermessageDeflate& options) {
  DeflateAgreement agreed;
  agreed.server_no_context_takeover =
      offer.server_no_context_takeover || options.server_no_context_takeover;
  agreed.client_no_context_takeover =
      offer.client_no_context_takeover || options.client_no_context_takeover;
  agreed.server_window_bits =
      std::min(offer.server_window.value_or(kLargestWindow), options.server_max_window_bits);
  if (offer.client_window) {
    agreed.client_window_bits = std::min(*offer.client_window, options.client_max_window_bits);
  }
  auto& response = agreed.response = kName;
  add_flag(response, agreed.server_no_context_takeover, kServerNoTakeover);
  add_flag(response, agreed.client_no_context_takeover, kClientNoTakeover);
  if (offer.server_window || agreed.server_window_bits < kLargestWindow) {
    add_window(response, kServerWindow, agreed.server_window_bits);
  }
  if (agreed.client_window_bits < kLargestWindow) {
    add_window(response, kClientWindow, agreed.client_window_bits);
  }
  return agreed;
}

}  // namespace

std::optional<DeflateAgreement> negotiate_deflate(std::span<const Extension> offers,
                                                  const PermessageDeflate& options) {
  for (const auto& extension : offers) {
    if (const auto offer = read_offer(extension)) return agree(*offer, options);
  }
  return std::nullopt;
}

}  // namespace aiopyr::websocket

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/websocket/protocol/deflate/deflate_negotiation.h>

// The first byte of the input sets the server's options, the rest is the header. Checks that a
// parsed header conforms to the grammar, and that the answer would be accepted as an offer too.

namespace {

using namespace aiopyr::websocket;

void check_grammar(const std::vector<Extension>& extensions) {
  for (const auto& extension : extensions) {
    if (!aiopyr::is_http_token(extension.name)) std::abort();
    for (const auto& [name, value] : extension.parameters) {
      if (!aiopyr::is_http_token(name) || (value && !aiopyr::is_http_token(*value))) std::abort();
    }
  }
}

bool is_window(int bits, int most) { return bits >= 8 && bits <= most; }

void check_agreement(const DeflateAgreement& agreed, const aiopyr::PermessageDeflate& options) {
  if (!is_window(agreed.server_window_bits, options.server_max_window_bits)) std::abort();
  if (!is_window(agreed.client_window_bits, 15)) std::abort();
  const auto answer = parse_extensions(agreed.response);
  if (!answer || answer->size() != 1) std::abort();
  if (negotiate_deflate(*answer, options) != agreed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  aiopyr::PermessageDeflate options;
  options.server_max_window_bits = 9 + data[0] % 7;
  options.client_max_window_bits = 9 + (data[0] >> 3U) % 7;
  options.server_no_context_takeover = (data[0] & 64U) != 0;
  options.client_no_context_takeover = (data[0] & 128U) != 0;
  const auto offers = parse_extensions({reinterpret_cast<const char*>(data) + 1, size - 1});
  if (!offers) return 0;
  check_grammar(*offers);
  if (const auto agreed = negotiate_deflate(*offers, options)) check_agreement(*agreed, options);
  return 0;
}

#include <aiopyr/websocket/protocol/deflate/permessage_deflate.h>

namespace aiopyr {
namespace {

// RFC 7692 also has 8, but zlib cannot compress with it, so it could not be enforced.
constexpr bool is_window(int bits) noexcept { return bits >= 9 && bits <= 15; }

}  // namespace

std::string_view find_mistake(const PermessageDeflate& options) noexcept {
  if (!is_window(options.server_max_window_bits)) return "server_max_window_bits is not 9 to 15";
  if (!is_window(options.client_max_window_bits)) return "client_max_window_bits is not 9 to 15";
  if (options.level < 0 || options.level > 9) return "level is not 0 to 9";
  if (options.mem_level < 1 || options.mem_level > 9) return "mem_level is not 1 to 9";
  return {};
}

}  // namespace aiopyr

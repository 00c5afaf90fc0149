#include <string_view>

#include <aiopyr/plugin/connection/received_request.h>
#include <aiopyr/plugin/server/variable_packet.h>
#include <aiopyr/runtime/http1/http_head.h>

namespace aiopyr::plugin {

bool ReceivedRequest::is_for_head() const noexcept {
  constexpr std::size_t kPacketHeader = 4;
  if (has_head()) {
    const std::string_view variables(packet);
    return packet_value(variables.substr(kPacketHeader), "REQUEST_METHOD") == "HEAD";
  }
  return has_begun() && is_head_request({buffer.get(), position});
}

}  // namespace aiopyr::plugin

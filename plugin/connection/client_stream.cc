#include <array>
#include <sys/uio.h>

#include <aiopyr/plugin/connection/client_stream.h>

namespace aiopyr::plugin {

void ClientStream::answer_finally(std::string_view http) noexcept {
  const std::array parts{iovec{const_cast<char*>(http.data()), http.size()}};
  static_cast<void>(transport_->write(parts));
}

}  // namespace aiopyr::plugin

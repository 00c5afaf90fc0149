#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

#include <aiopyr/plugin/orderly_close.h>
#include <aiopyr/runtime/async/fd_wait.h>
#include <aiopyr/runtime/async/wait_for.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

constexpr Duration kClosingTime = std::chrono::seconds(2);
constexpr std::size_t kUnwanted = std::size_t{8} << 20U;

Task<> read_away(Transport& transport) {
  std::array<std::byte, 4096> sink;
  for (std::size_t read = 0; read < kUnwanted;) {
    const auto result = transport.read(sink);
    read += result.bytes;
    if (result.status == Transport::Status::kWantRead) {
      co_await wait_readable(transport.fd());
    } else if (result.status != Transport::Status::kOk) {
      co_return;
    }
  }
}

}  // namespace

Task<> close_in_order(std::unique_ptr<Transport> transport) {
  transport->shutdown_write();
  try {
    co_await wait_for(read_away(*transport), kClosingTime);
  } catch (const TimeoutError&) {
    co_return;
  }
}

}  // namespace aiopyr::plugin

#include <iostream>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "http_response.h"
#include "loads.h"
#include "sockets.h"
#include "websocket.h"

namespace load {

namespace {

constexpr std::uint64_t kStandardInput = ~std::uint64_t{0};

/// Holds connections open until standard input ends.
class Holder {
 public:
  explicit Holder(bool pings_may_come) noexcept : pings_may_come_(pings_may_come) {}

  void add(Fd fd) {
    poll_.add(fd.get(), fds_.size());
    fds_.push_back(std::move(fd));
  }

  nlohmann::json run() {
    open_ = fds_.size();
    std::cout << nlohmann::json{{"open", open_}}.dump() << std::endl;
    poll_.add(STDIN_FILENO, kStandardInput);
    for (bool goes_on = true; goes_on;) {
      for (const epoll_event& event : poll_.wait()) {
        if (event.data.u64 == kStandardInput) {
          goes_on = false;
        } else {
          answer(fds_[event.data.u64]);
        }
      }
    }
    return {{"open", open_}, {"pings", pings_}};
  }

 private:
  /// Answers a ping: it is short and comes in one piece, as nothing else is sent.
  void answer(Fd& fd) {
    char room[4096];
    bool ended = false;
    const std::size_t got = receive(fd.get(), room, ended);
    if (got == 0 && !ended) return;
    if (pings_may_come_ && got > 0) {
      const auto frame = first_frame({room, got});
      if (frame && frame->opcode == kPing && frame->size == got) {
        ++pings_;
        send_all(fd.get(), masked_frame(kPong, frame->payload));
        return;
      }
    }
    fd = Fd();
    --open_;
  }

  bool pings_may_come_;
  Poll poll_;
  std::vector<Fd> fds_;
  std::size_t open_ = 0;
  std::size_t pings_ = 0;
};

}  // namespace

nlohmann::json hold_websockets(const Options& options) {
  Holder holder(true);
  for (std::size_t i = 0; i < options.connections; ++i) holder.add(open_websocket(options));
  return holder.run();
}

nlohmann::json hold_requests(const Options& options) {
  const std::string request = request_bytes(options, false);
  Holder holder(false);
  for (std::size_t i = 0; i < options.connections; ++i) {
    Fd fd = connect_to(options.port);
    send_all(fd.get(), request);
    holder.add(std::move(fd));
  }
  return holder.run();
}

}  // namespace load

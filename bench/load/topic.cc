#include <memory>
#include <vector>

#include "loads.h"
#include "sockets.h"
#include "websocket.h"

namespace load {

namespace {

/// A receiver, with little memory, since there are many.
struct Receiver {
  Fd fd;
  std::string left_over{};
  std::uint64_t received = 0;
};

class Topic {
 public:
  explicit Topic(const Options& options) : payload_(options.size, 'x') {
    message_ = masked_frame(kText, payload_);
    for (std::size_t i = 0; i < options.connections; ++i) {
      receivers_.push_back({open_websocket(options)});
      poll_.add(receivers_.back().fd.get(), i);
    }
  }

  /// Publishes once, and waits until all have received it.
  void round(Measurement& measurement) {
    ++rounds_;
    const auto begin = Clock::now();
    send_all(receivers_.front().fd.get(), message_);
    for (std::size_t waiting = receivers_.size(); waiting > 0;) {
      if (Clock::now() - begin > kPatience) throw LoadError("some receivers got nothing");
      for (const epoll_event& event : poll_.ready())
        waiting -= take(receivers_[event.data.u64], begin, measurement);
    }
  }

 private:
  static constexpr std::chrono::seconds kPatience{10};

  /// Returns how many messages have come.
  std::size_t take(Receiver& receiver, Clock::time_point begin, Measurement& measurement) {
    bool ended = false;
    const std::size_t got = receive(receiver.fd.get(), room_, ended);
    if (ended) throw LoadError("the server has closed a websocket");
    receiver.left_over.append(room_, got);
    std::size_t count = 0;
    while (const auto frame = first_frame(receiver.left_over)) {
      if (frame->opcode == kPing) {
        send_all(receiver.fd.get(), masked_frame(kPong, frame->payload));
      } else {
        if (frame->opcode != kText || frame->payload != payload_ || ++receiver.received > rounds_)
          throw LoadError("a message is not what was published");
        measurement.record(begin, Clock::now());
        ++count;
      }
      receiver.left_over.erase(0, frame->size);
    }
    return count;
  }

  std::string payload_;
  std::string message_;
  Poll poll_;
  std::vector<Receiver> receivers_;
  std::uint64_t rounds_ = 0;
  char room_[64 * 1024];
};

}  // namespace

nlohmann::json run_topic(const Options& options) {
  const auto topic = std::make_unique<Topic>(options);
  Measurement measurement(options.measurement);
  while (measurement.go_on(Clock::now())) topic->round(measurement);
  return measurement.report();
}

}  // namespace load

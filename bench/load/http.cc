#include <algorithm>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include "http_response.h"
#include "loads.h"
#include "sockets.h"

namespace load {

namespace {

constexpr std::size_t kInput = 256 * 1024;

/// Reads what has come to the end of whole responses; what is left over waits for more.
class Input {
 public:
  std::size_t read(int fd, ResponseReader& reader, bool& ended) {
    filled_ += receive(fd, std::span(bytes_).subspan(filled_), ended);
    std::string_view input(bytes_.data(), filled_);
    const std::size_t count = reader.feed(input);
    if (input.size() == bytes_.size()) throw LoadError("a head without an end");
    std::memmove(bytes_.data(), input.data(), input.size());
    filled_ = input.size();
    return count;
  }

 private:
  std::vector<char> bytes_ = std::vector<char>(kInput);
  std::size_t filled_ = 0;
};

class KeptConnection {
 public:
  KeptConnection(const Options& options, const std::string& request)
      : request_(request), fd_(connect_to(options.port)), reader_(options) {
    begins_.resize(options.depth);
  }

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  void send(std::size_t count, Clock::time_point now) {
    output_.clear();
    for (; count > 0; --count, ++sent_) {
      begins_[sent_ % begins_.size()] = now;
      output_ += request_;
    }
    if (!outbox_.send(fd(), output_)) throw LoadError("too many requests in flight for a socket");
  }

  void on_readable(Measurement& measurement) {
    bool ended = false;
    const std::size_t count = input_.read(fd(), reader_, ended);
    if (ended || (count > 0 && !reader_.is_kept_alive())) throw LoadError("not kept alive");
    if (count == 0) return;
    const auto now = Clock::now();
    for (std::size_t i = 0; i < count; ++i, ++received_)
      measurement.record(begins_[received_ % begins_.size()], now);
    send(count, now);
  }

 private:
  const std::string& request_;
  Fd fd_;
  ResponseReader reader_;
  Input input_;
  Outbox outbox_;
  std::string output_;
  std::vector<Clock::time_point> begins_;  // by a request's number, modulo the depth
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

/// One connection after another, each for a request.
class ClosingConnections {
 public:
  ClosingConnections(const Options& options, const std::string& request)
      : port_(options.port), request_(request), reader_(options) {}

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  void begin(Poll& poll, std::uint64_t data) {
    begin_ = Clock::now();
    answered_ = false;
    fd_ = connect_to(port_);
    if (!outbox_.send(fd(), request_)) throw LoadError("a request too long for a socket");
    poll.add(fd(), data);
  }

  /// Returns whether the server has answered and closed.
  bool on_readable(Measurement& measurement) {
    bool ended = false;
    if (input_.read(fd(), reader_, ended) > 0) answered_ = true;
    if (!ended) return false;
    if (!reader_.end() && !answered_) throw LoadError("a connection was closed without an answer");
    measurement.record(begin_, Clock::now());
    return true;
  }

 private:
  std::uint16_t port_;
  const std::string& request_;
  Fd fd_;
  ResponseReader reader_;
  Input input_;
  Outbox outbox_;
  Clock::time_point begin_{};
  bool answered_ = false;
};

}  // namespace

nlohmann::json run_http(const Options& options) try {
  const std::string request = request_bytes(options, true);
  Poll poll;
  std::vector<std::unique_ptr<KeptConnection>> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(std::make_unique<KeptConnection>(options, request));
    poll.add(connections.back()->fd(), i);
  }
  Measurement measurement(options.measurement);
  for (const auto& connection : connections) connection->send(options.depth, Clock::now());
  while (measurement.go_on(Clock::now())) {
    for (const epoll_event& event : poll.wait(100))
      connections[event.data.u64]->on_readable(measurement);
  }
  return measurement.report();
} catch (const std::system_error& error) {
  if (error.code() == std::errc::connection_reset || error.code() == std::errc::broken_pipe)
    throw LoadError("not kept alive");
  throw;
}

nlohmann::json run_http_close(const Options& options) {
  const std::string request = request_bytes(options, false);
  Poll poll;
  std::vector<std::unique_ptr<ClosingConnections>> places;
  for (std::size_t i = 0; i < options.connections; ++i)
    places.push_back(std::make_unique<ClosingConnections>(options, request));
  Measurement measurement(options.measurement);
  for (std::size_t i = 0; i < places.size(); ++i) places[i]->begin(poll, i);
  while (measurement.go_on(Clock::now())) {
    for (const epoll_event& event : poll.wait(100)) {
      ClosingConnections& place = *places[event.data.u64];
      if (place.on_readable(measurement)) place.begin(poll, event.data.u64);
    }
  }
  return measurement.report();
}

}  // namespace load

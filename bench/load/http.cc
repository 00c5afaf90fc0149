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
constexpr int kLongestSleepMs = 10;

/// Reads available bytes up to the end of whole responses; the rest waits for more.
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
  void clear() noexcept { filled_ = 0; }

 private:
  std::vector<char> bytes_ = std::vector<char>(kInput);
  std::size_t filled_ = 0;
};

class KeptConnection {
 public:
  KeptConnection(const Options& options, const std::string& request)
      : port_(options.port), request_(request), reader_(options), begins_(options.depth) {}

  /// Connects, and sends as many requests as may be in flight.
  void begin(Poll& poll, std::uint64_t data) {
    answered_ = 0;
    sent_ = received_;  // requests without an answer are sent again
    input_.clear();
    fd_ = connect_to(port_);
    poll.add(fd_.get(), data);
    send(begins_.size(), Clock::now());
  }

  /// Returns whether the server has ended the connection in order.
  bool on_readable(Measurement& measurement) {
    bool ended = false;
    const std::size_t count = read(ended);
    const auto now = Clock::now();
    for (std::size_t i = 0; i < count; ++i, ++received_)
      measurement.record(begins_[received_ % begins_.size()], now);
    answered_ += count;
    if (ended || (count > 0 && !reader_.is_kept_alive())) {
      if (reader_.is_in_body()) throw LoadError("a response was cut off");
      if (answered_ <= 1) throw LoadError("not kept alive");
      return true;
    }
    if (count > 0) send(count, now);
    return false;
  }

 private:
  std::size_t read(bool& ended) {
    try {
      return input_.read(fd_.get(), reader_, ended);
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::connection_reset) throw;
      ended = true;  // a request was on its way when the server closed
      return 0;
    }
  }

  void send(std::size_t count, Clock::time_point now) {
    output_.clear();
    for (; count > 0; --count, ++sent_) {
      begins_[sent_ % begins_.size()] = now;
      output_ += request_;
    }
    if (!outbox_.send(fd_.get(), output_))
      throw LoadError("too many requests in flight for a socket");
  }

  std::uint16_t port_;
  const std::string& request_;
  Fd fd_;
  ResponseReader reader_;
  Input input_;
  Outbox outbox_;
  std::string output_;
  std::vector<Clock::time_point> begins_;  // by a request's number, modulo the depth
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t answered_ = 0;  // on this connection
};

/// One connection per request.
class ClosingConnection {
 public:
  ClosingConnection(const Options& options, const std::string& request)
      : port_(options.port), request_(request), reader_(options) {}

  void begin(Poll& poll, std::uint64_t data) {
    begin_ = Clock::now();
    answered_ = false;
    fd_ = connect_to(port_);
    if (!outbox_.send(fd_.get(), request_)) throw LoadError("a request too long for a socket");
    poll.add(fd_.get(), data);
  }

  /// Returns whether the server has answered and closed.
  bool on_readable(Measurement& measurement) {
    bool ended = false;
    if (input_.read(fd_.get(), reader_, ended) > 0) answered_ = true;
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

/// Connections of one kind; one that has ended begins anew.
template <class Connection>
nlohmann::json run_connections(const Options& options, const std::string& request) {
  Poll poll;
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < options.connections; ++i)
    connections.push_back(std::make_unique<Connection>(options, request));
  Measurement measurement(options.measurement);
  for (std::size_t i = 0; i < connections.size(); ++i) connections[i]->begin(poll, i);
  while (measurement.go_on(Clock::now())) {
    for (const epoll_event& event : options.sleeps ? poll.wait(kLongestSleepMs) : poll.ready()) {
      Connection& connection = *connections[event.data.u64];
      if (connection.on_readable(measurement)) connection.begin(poll, event.data.u64);
    }
  }
  return measurement.report();
}

}  // namespace

nlohmann::json run_http(const Options& options) {
  const std::string request = request_bytes(options, true);
  return run_connections<KeptConnection>(options, request);
}

nlohmann::json run_http_close(const Options& options) {
  const std::string request = request_bytes(options, false);
  return run_connections<ClosingConnection>(options, request);
}

}  // namespace load

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "loads.h"
#include "sockets.h"
#include "websocket.h"

namespace load {

namespace {

constexpr std::size_t kDigits = 8;

/// The frame that all connections send and expect; only its number differs.
class Numbered {
 public:
  explicit Numbered(std::size_t size) : digits_(std::min(size, kDigits)) {
    std::string text(size, '0');
    for (std::size_t i = digits_; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
    sent_ = masked_frame(kText, text);
    reply_ = frame_head(kText, size, false) + text;
    sent_begin_ = sent_.size() - size;
    reply_begin_ = reply_.size() - size;
    // Stores masked digits: the mask's bytes are those of a masked zero.
    for (std::size_t i = 0; i < digits_; ++i)
      mask_[i] = static_cast<char>(sent_[sent_begin_ + i] ^ '0');
  }

  [[nodiscard]] std::size_t reply_size() const noexcept { return reply_.size(); }

  void append_message(std::uint64_t number, std::string& output) {
    for (std::size_t i = digits_; i-- > 0; number /= 10)
      sent_[sent_begin_ + i] = static_cast<char>(('0' + number % 10) ^ mask_[i]);
    output += sent_;
  }

  [[nodiscard]] bool is_reply(std::uint64_t number, const char* bytes) {
    for (std::size_t i = digits_; i-- > 0; number /= 10)
      reply_[reply_begin_ + i] = static_cast<char>('0' + number % 10);
    return std::memcmp(bytes, reply_.data(), reply_.size()) == 0;
  }

 private:
  std::size_t digits_;
  std::string sent_;
  std::string reply_;
  std::size_t sent_begin_ = 0;
  std::size_t reply_begin_ = 0;
  char mask_[kDigits] = {};
};

class EchoConnection {
 public:
  EchoConnection(const Options& options, Numbered& messages)
      : messages_(messages),
        fd_(open_websocket(options)),
        begins_(options.depth),
        input_(std::max<std::size_t>(options.depth * messages.reply_size(), 4096)) {}

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool has_unsent() const noexcept { return !outbox_.is_empty(); }
  void flush() { outbox_.flush(fd()); }

  void send(std::size_t count, Clock::time_point now) {
    output_.clear();
    for (; count > 0; --count, ++sent_) {
      begins_[sent_ % begins_.size()] = now;
      messages_.append_message(sent_, output_);
    }
    outbox_.send(fd(), output_);
  }

  /// Checks the replies that have come, and sends as many messages.
  void on_readable(Measurement& measurement) {
    bool ended = false;
    filled_ += receive(fd(), std::span(input_).subspan(filled_), ended);
    if (ended) throw LoadError("the server has closed a websocket");
    const auto now = Clock::now();
    const std::size_t size = messages_.reply_size();
    std::size_t begin = 0;
    std::size_t count = 0;
    for (; filled_ - begin >= size; begin += size, ++count, ++received_) {
      if (!messages_.is_reply(received_, input_.data() + begin))
        throw LoadError("a reply is not what was sent");
      measurement.record(begins_[received_ % begins_.size()], now);
    }
    std::memmove(input_.data(), input_.data() + begin, filled_ - begin);
    filled_ -= begin;
    if (count > 0) send(count, now);
  }

 private:
  Numbered& messages_;
  Fd fd_;
  Outbox outbox_;
  std::vector<Clock::time_point> begins_;  // by a message's number, modulo the depth
  std::vector<char> input_;
  std::size_t filled_ = 0;
  std::string output_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace

nlohmann::json run_echo(const Options& options) {
  Numbered messages(options.size);
  Poll poll;
  std::vector<std::unique_ptr<EchoConnection>> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(std::make_unique<EchoConnection>(options, messages));
    poll.add(connections.back()->fd(), i);
  }
  Measurement measurement(options.measurement);
  for (const auto& connection : connections) connection->send(options.depth, Clock::now());
  while (measurement.go_on(Clock::now())) {
    for (const epoll_event& event : poll.ready()) {
      EchoConnection& connection = *connections[event.data.u64];
      const bool had_unsent = connection.has_unsent();
      if ((event.events & EPOLLOUT) != 0) connection.flush();
      if ((event.events & ~EPOLLOUT) != 0) connection.on_readable(measurement);
      if (connection.has_unsent() != had_unsent)
        poll.change(connection.fd(), event.data.u64,
                    connection.has_unsent() ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
  }
  return measurement.report();
}

}  // namespace load

#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/clients/redis/protocol/reply_reader.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::redis::testing {

/// A Redis server in the test's process, on the test's loop and by its clock: GET, SET, DEL, PTTL,
/// PEXPIRE and WATCH (which does nothing), and scripts that the test plays. It can be silent, and
/// go away. Make it before the client, and destroy it while the loop is there.
class SmallRedis {
 public:
  using Words = std::vector<std::string>;
  struct Entry {
    std::string value;
    std::optional<TimePoint> ends;
  };

  explicit SmallRedis(Loop& loop) : loop_(loop) { start(); }
  ~SmallRedis() { stop(); }
  SmallRedis(const SmallRedis&) = delete;
  SmallRedis& operator=(const SmallRedis&) = delete;

  [[nodiscard]] std::string url() const { return "unix://" + path() + "?protocol=2"; }

  void start() {
    listener_.fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof(address.sun_path) - 1);
    const auto* const named = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(listener_.fd, named, sizeof(address)) != 0) std::abort();
    if (::listen(listener_.fd, 8) != 0) std::abort();
    listener_.notify = [this] { accept(); };
    listener_.start(loop_, listener_.fd, FdEvents::kRead);
  }
  /// Goes away: connections break, and new ones are refused. The entries stay.
  void stop() {
    connections_.clear();
    listener_.stop();
    if (listener_.fd >= 0) ::close(std::exchange(listener_.fd, -1));
    ::unlink(path().c_str());
  }
  /// Answers nothing until told otherwise.
  void hold(bool is_on = true) {
    is_held_ = is_on;
    if (!is_on) answer_all();
  }

  [[nodiscard]] const Entry* find(const std::string& key) {
    const auto found = entries.find(key);
    if (found == entries.end()) return nullptr;
    if (found->second.ends && *found->second.ends <= loop_.now()) {
      entries.erase(found);
      return nullptr;
    }
    return &found->second;
  }
  [[nodiscard]] std::string value(const std::string& key) {
    const Entry* entry = find(key);
    return entry == nullptr ? "none" : entry->value;
  }
  /// Returns how many commands of that name have been executed.
  [[nodiscard]] auto count(std::string_view name) const {
    return std::count_if(log.begin(), log.end(),
                         [&](const Words& words) { return words.front() == name; });
  }

  std::map<std::string, Entry> entries;
  std::vector<Words> log;
  /// Plays EVAL: gets all words of the command.
  std::function<void(const Words&)> on_script = [](const Words&) {};

 private:
  struct Watch final : FdWatch {
    int fd = -1;
    std::function<void()> notify;
    void on_ready(FdEvents) override { notify(); }
  };
  struct Connection {
    ~Connection() {
      watch.stop();
      ::close(watch.fd);
    }
    Watch watch;
    ReplyReader reader;
    std::vector<Words> unanswered;
  };

  [[nodiscard]] std::string path() const { return folder_.path() / "redis.sock"; }

  void accept() {
    const int fd = ::accept4(listener_.fd, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0) return;
    Connection& connection = *connections_.emplace_back(std::make_unique<Connection>());
    connection.watch.fd = fd;
    connection.watch.notify = [this, &connection] { read(connection); };
    connection.watch.start(loop_, fd, FdEvents::kRead);
  }

  void read(Connection& connection) {
    std::array<char, 65536> piece;
    const ssize_t length = ::recv(connection.watch.fd, piece.data(), piece.size(), 0);
    if (length <= 0) {
      connections_.remove_if([&](const auto& each) { return each.get() == &connection; });
      return;
    }
    std::string_view input(piece.data(), static_cast<std::size_t>(length));
    while (connection.reader.next(input) == ReplyReader::Status::kReply) {
      const Value command = connection.reader.take();
      Words words;
      for (const Value& word : command.items()) words.push_back(word.text());
      connection.unanswered.push_back(std::move(words));
    }
    if (!is_held_) answer(connection);
  }

  void answer_all() {
    for (const auto& connection : connections_) answer(*connection);
  }
  void answer(Connection& connection) {
    std::string answers;
    for (const Words& words : std::exchange(connection.unanswered, {})) {
      log.push_back(words);
      answers += execute(words);
    }
    if (!answers.empty()) {
      static_cast<void>(::send(connection.watch.fd, answers.data(), answers.size(), MSG_NOSIGNAL));
    }
  }

  static std::string bulk(const std::string& text) {
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
  }
  static std::string number(std::int64_t number) { return ":" + std::to_string(number) + "\r\n"; }
  [[nodiscard]] TimePoint after(const std::string& milliseconds) const {
    return loop_.now() + std::chrono::milliseconds(std::stoll(milliseconds));
  }

  std::string execute(const Words& words) {
    const std::string& name = words.front();
    const Entry* const entry = words.size() > 1 ? find(words[1]) : nullptr;
    if (name == "GET") return entry == nullptr ? "$-1\r\n" : bulk(entry->value);
    if (name == "SET") return set(words, entry != nullptr);
    if (name == "DEL") return number(static_cast<std::int64_t>(entries.erase(words[1])));
    if (name == "PTTL") return number(remaining(entry));
    if (name == "PEXPIRE") {
      if (entry != nullptr) entries[words[1]].ends = after(words[2]);
      return number(entry == nullptr ? 0 : 1);
    }
    if (name == "EVAL") {
      on_script(words);
      return number(1);
    }
    if (name == "WATCH") return "+OK\r\n";
    return name == "PING" ? "+PONG\r\n" : "-ERR unknown command\r\n";
  }

  [[nodiscard]] std::int64_t remaining(const Entry* entry) const {
    if (entry == nullptr) return -2;
    if (!entry->ends) return -1;
    return std::chrono::floor<std::chrono::milliseconds>(*entry->ends - loop_.now()).count();
  }

  std::string set(const Words& words, bool is_there) {
    Entry entry{words[2], std::nullopt};
    for (std::size_t at = 3; at < words.size(); ++at) {
      if ((words[at] == "NX" && is_there) || (words[at] == "XX" && !is_there)) return "$-1\r\n";
      if (words[at] == "PX") entry.ends = after(words[at + 1]);
    }
    entries[words[1]] = std::move(entry);
    return "+OK\r\n";
  }

  Loop& loop_;
  TemporaryFolder folder_;
  bool is_held_ = false;
  Watch listener_;
  std::list<std::unique_ptr<Connection>> connections_;
};

}  // namespace aiopyr::redis::testing

#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/async/loop/loop.h>

/// A server that speaks as much of PostgreSQL's protocol 3.0 as the client uses (PostgreSQL:
/// Message Formats), on a Unix socket below a temporary folder, in the test's own loop. It answers
/// each statement with one row that holds the statement's text, unless `answer` says otherwise.
class ScriptedPostgres {
 public:
  /// The answer to one statement; the default is a row with its text.
  struct Answer {
    std::string sqlstate;  ///< an error, if not empty
    std::string message = "scripted";
    bool is_silent = false;  ///< nothing, and nothing after it
  };

  ScriptedPostgres() {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_.path().string() + "/.s.PGSQL.5432";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener_, 16);
    accepting_.start(*aiopyr::Loop::current(), listener_, aiopyr::FdEvents::kRead);
  }
  ~ScriptedPostgres() {
    accepting_.stop();
    peers_.clear();
    close(listener_);
  }

  [[nodiscard]] std::string url(const std::string& parameters = "") const {
    return "postgresql://me@/scripted?host=" + folder_.path().string() +
           (parameters.empty() ? "" : "&" + parameters);
  }

  std::function<Answer(const std::string& sql)> answer = [](const std::string&) {
    return Answer();
  };
  /// After so many bytes to one client, its connection is closed.
  std::size_t cut_after = static_cast<std::size_t>(-1);
  /// Bytes that are sent with each write; 0 for all.
  std::size_t portion = 0;
  bool is_mute = false;  ///< reads, and says nothing
  std::string garbage;   ///< what is sent in place of the answer to a statement
  int connections = 0;
  std::size_t sent = 0;           ///< bytes to the client that came last
  std::vector<std::string> seen;  ///< the texts of statements, in their order

  void drop_clients() { peers_.clear(); }

 private:
  class Peer final : public aiopyr::FdWatch {
   public:
    Peer(ScriptedPostgres& server, int fd) : server_(server), fd_(fd) { watch(); }
    ~Peer() override {
      stop();
      ::close(fd_);
    }

   private:
    void watch() {
      const auto events = out_.empty() ? aiopyr::FdEvents::kRead : aiopyr::FdEvents::kReadWrite;
      start(*aiopyr::Loop::current(), fd_, events);
    }
    void end() {
      std::erase_if(server_.peers_, [this](const auto& one) { return one.get() == this; });
    }

    void on_ready(aiopyr::FdEvents ready) override {
      if (has(ready, aiopyr::FdEvents::kRead)) {
        char buffer[4096];
        const ssize_t count = read(fd_, buffer, sizeof buffer);
        if (count <= 0) return end();
        in_.append(buffer, static_cast<std::size_t>(count));
        while (take_message()) continue;
      }
      if (!flush()) return end();
      watch();
    }

    bool flush() {
      while (!out_.empty()) {
        const std::size_t left = server_.cut_after - server_.sent;
        if (left == 0) return false;
        std::size_t size = std::min(out_.size(), left);
        if (server_.portion > 0) size = std::min(size, server_.portion);
        const ssize_t count = send(fd_, out_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count <= 0) return errno == EAGAIN;
        out_.erase(0, static_cast<std::size_t>(count));
        server_.sent += static_cast<std::size_t>(count);
        if (server_.portion > 0) break;
      }
      return server_.sent < server_.cut_after || out_.empty();
    }

    static std::uint32_t number(const char* bytes) {
      std::uint32_t value = 0;
      for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
      return value;
    }
    static std::string big_endian(std::uint32_t value, int bytes) {
      std::string text;
      for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFF);
      return text;
    }
    void put(char type, const std::string& body) {
      if (!server_.is_mute && !silent_) {
        out_ += type + big_endian(static_cast<std::uint32_t>(body.size() + 4), 4) + body;
      }
    }

    bool take_message() {
      const std::size_t head = started_ ? 5 : 4;
      if (in_.size() < head) return false;
      const std::uint32_t length = number(in_.data() + head - 4);
      if (in_.size() < length + head - 4) return false;
      const char type = started_ ? in_[0] : '\0';
      const std::string body = in_.substr(head, length - 4);
      in_.erase(0, length + head - 4);
      if (!started_) {
        begin();
      } else {
        take(type, body);
      }
      return true;
    }

    void begin() {
      using namespace std::string_literals;
      started_ = true;
      put('R', big_endian(0, 4));
      put('S', "client_encoding\0UTF8\0"s);
      put('S',
          "server_version\0"
          "15.0\0"s);
      put('K', big_endian(42, 4) + big_endian(43, 4));
      put('Z', "I");
    }

    void fail(const Answer& answer) {
      const char zero = '\0';
      put('E', std::string("SERROR") + zero + "VERROR" + zero + "C" + answer.sqlstate + zero + "M" +
                   answer.message + zero + zero);
      failed_ = true;
    }

    void take(char type, const std::string& body) {
      const char* const text = body.c_str();
      if (type == 'S') {
        failed_ = false;
        put('Z', in_transaction_ ? "T" : "I");
      } else if (failed_ || type == 'X') {
        return;
      } else if (type == 'P') {
        parse(text, text + std::strlen(text) + 1);
      } else if (type == 'B') {
        current_ = statements_[text + std::strlen(text) + 1];
        bind_it();
      } else if (type == 'D' && !body.empty()) {
        describe(body[0] == 'P');
      } else if (type == 'E') {
        execute();
      }
    }

    void parse(const std::string& name, const char* sql) {
      if (!name.empty() && statements_.contains(name)) return fail({"42P05"});
      statements_[name] = sql;
      put('1', "");
    }

    void bind_it() {
      server_.seen.push_back(current_);
      const Answer answer = server_.answer(current_);
      if (!server_.garbage.empty()) out_ += server_.garbage;
      silent_ = silent_ || answer.is_silent;
      if (!answer.sqlstate.empty()) return fail(answer);
      put('2', "");
    }

    [[nodiscard]] bool is_command() const {
      return current_.starts_with("begin") || current_ == "commit" ||
             current_.starts_with("roll") || current_.starts_with("deallocate");
    }

    void describe(bool is_portal) {
      if (!is_portal || is_command()) return put('n', "");
      put('T', big_endian(1, 2) + "text" + '\0' + big_endian(0, 4) + big_endian(0, 2) +
                   big_endian(25, 4) + big_endian(0xFFFF, 2) + big_endian(0xFFFFFFFF, 4) +
                   big_endian(1, 2));
    }

    void execute() {
      if (is_command()) {
        if (current_.starts_with("begin")) in_transaction_ = true;
        if (current_ == "commit" || current_.starts_with("roll")) in_transaction_ = false;
        if (current_.starts_with("deallocate ")) statements_.erase(current_.substr(11));
        std::string tag = current_.substr(0, current_.find(' '));
        std::ranges::transform(tag, tag.begin(), [](unsigned char c) { return std::toupper(c); });
        return put('C', tag + '\0');
      }
      put('D',
          big_endian(1, 2) + big_endian(static_cast<std::uint32_t>(current_.size()), 4) + current_);
      put('C', std::string("SELECT 1") + '\0');
    }

    ScriptedPostgres& server_;
    int fd_;
    std::string in_, out_;
    bool started_ = false;
    bool failed_ = false;
    bool silent_ = false;
    bool in_transaction_ = false;
    std::map<std::string, std::string> statements_;
    std::string current_;
  };

  class Accepting final : public aiopyr::FdWatch {
   public:
    explicit Accepting(ScriptedPostgres& server) : server_(server) {}

   private:
    void on_ready(aiopyr::FdEvents) override {
      const int fd = accept4(this->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      ++server_.connections;
      server_.sent = 0;
      server_.peers_.push_back(std::make_unique<Peer>(server_, fd));
    }
    ScriptedPostgres& server_;
  };

  aiopyr::TemporaryFolder folder_;
  int listener_ = -1;
  std::vector<std::unique_ptr<Peer>> peers_;
  Accepting accepting_{*this};
};

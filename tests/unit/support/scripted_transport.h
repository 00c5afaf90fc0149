#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "tests/unit/support/peer.h"

namespace aiopyr::websocket::testing {

/// The behaviour of a scripted stream; shared with the test, which looks at it afterwards.
struct Script {
  std::string input;
  std::size_t read_size = 65536;
  std::size_t write_size = 65536;
  int full = 0;            ///< how many writes find no room
  bool ends = true;        ///< end of file after the input
  bool hesitates = false;  ///< every second call moves nothing
  bool crosses = false;    ///< TLS: it then needs the other direction
  int fails_at = -1;       ///< the index of the read or write that breaks the stream

  int calls = 0;
  int writes = 0;
  bool said_end = false;
  bool disowned = false;
  bool cut_off = false;
  bool destroyed = false;
  std::string output;
};

/// A stream whose calls do what the script says. Its descriptor is always ready.
class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::shared_ptr<Script> script) : script_(std::move(script)) {
    static_cast<void>(::send(fds_[1], "x", 1, 0));
  }
  ~ScriptedTransport() override {
    script_->destroyed = true;
    for (const int fd : fds_) ::close(fd);
  }

  Result read(std::span<std::byte> buffer) noexcept override {
    if (const auto status = begin(Status::kWantRead, Status::kWantWrite); status != Status::kOk) {
      return {status, 0, 0};
    }
    auto& input = script_->input;
    const auto size = std::min({buffer.size(), input.size(), script_->read_size});
    if (size == 0) return {script_->ends ? Status::kEndOfFile : Status::kWantRead, 0, 0};
    std::memcpy(buffer.data(), input.data(), size);
    input.erase(0, size);
    return {Status::kOk, size, 0};
  }

  Result write(std::span<const iovec> buffers) noexcept override {
    if (const auto status = begin(Status::kWantWrite, Status::kWantRead); status != Status::kOk) {
      return {status, 0, 0};
    }
    if (script_->full > 0) {
      --script_->full;
      return {Status::kWantWrite, 0, 0};
    }
    ++script_->writes;
    std::size_t left = script_->write_size;
    for (const auto& buffer : buffers) {
      const auto size = std::min(buffer.iov_len, left);
      script_->output.append(static_cast<const char*>(buffer.iov_base), size);
      left -= size;
    }
    return {Status::kOk, script_->write_size - left, 0};
  }

  [[nodiscard]] bool has_buffered_input() const noexcept override {
    return script_->crosses && !script_->input.empty();
  }
  void shutdown_write() noexcept override { script_->said_end = true; }
  void disown() noexcept override { script_->disowned = true; }
  void cut_off() noexcept override { script_->cut_off = true; }
  [[nodiscard]] int fd() const noexcept override { return fds_[0]; }

 private:
  Status begin(Status hesitation, Status crossed) noexcept {
    const int call = script_->calls++;
    if (call == script_->fails_at) return Status::kError;
    if (script_->hesitates && call % 2 == 0) return script_->crosses ? crossed : hesitation;
    return Status::kOk;
  }

  std::shared_ptr<Script> script_;
  std::array<int, 2> fds_ = make_socketpair();
};

/// Returns the events that a client reads from the output.
inline Events events_of(const std::string& output) {
  return receive(output, {}, {.role = Role::kClient, .max_message_size = 64U << 20U});
}

template <class View>
std::weak_ptr<Connection> open(const std::shared_ptr<Script>& script, View view) {
  return Connection::open({.transport = std::make_unique<ScriptedTransport>(script),
                           .endpoint = std::make_shared<const Endpoint>(),
                           .handler = handler_of(std::move(view))});
}

}  // namespace aiopyr::websocket::testing

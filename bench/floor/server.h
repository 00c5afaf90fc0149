#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace floor_server {

/// The whole server: one thread, level-triggered epoll, one buffer for all connections.
class Server {
 public:
  /// Listens on 127.0.0.1. Throws std::system_error.
  Server(int port, const std::string& response, bool close);

  [[noreturn]] void run();

 private:
  enum class Kind : std::uint8_t { kNone, kHttp, kWebsocket, kTopic };

  struct Connection {
    Kind kind = Kind::kNone;
    std::string input{};   // of an incomplete frame or head
    std::string output{};  // bytes that the socket has not taken
  };

  void accept_all();
  void on_readable(int fd);
  /// Answer all complete requests in `bytes`, in place, and return how many bytes they took.
  std::size_t on_http(int fd, char* bytes, std::size_t count);
  std::size_t on_frames(int fd, char* bytes, std::size_t count);
  bool shake_hands(int fd, std::string_view head);
  void publish(std::string_view frame);
  void send(int fd, std::string_view data);
  void on_writable(int fd);
  void close(int fd);
  void watch(int fd, bool writable, bool is_new);

  static constexpr std::size_t kBuffer = 1 << 20;
  static constexpr std::size_t kResponses = 64;

  int listener_;
  int epoll_;
  bool close_;
  std::size_t response_size_;
  std::string responses_;                // kResponses copies
  std::vector<Connection> connections_;  // by their descriptors
  std::vector<char> buffer_;
};

}  // namespace floor_server

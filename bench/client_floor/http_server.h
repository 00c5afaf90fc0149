#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client.h"
#include "loop.h"

namespace client_floor {

class HttpServer;

/// Answers the requests of a server.
class Backend : public TurnEnd {
 public:
  /// Begins to work for a request. HttpServer::answer() ends it, in a later call.
  virtual void begin(Client& client) = 0;
};

/// HTTP/1.1 on kept connections. Reads of a request where its head ends, and `queries=N`.
class HttpServer : public Handler {
 public:
  /// `headers` are those of every answer beside Content-Length, each with its
  /// line's end.
  HttpServer(Loop& loop, int port, std::string_view headers);

  /// Listens on 127.0.0.1 from now on, when the backend is connected.
  [[noreturn]] void run(Backend& backend);
  /// Answers with `client.body`, which it clears.
  void answer(Client& client);

  void on_ready(int fd, std::uint32_t events) override;

 private:
  void accept_all();
  void read(Client& client);
  /// Begins the first request of `input`, if it is whole; returns how many bytes that was.
  std::size_t begin(Client& client, std::string_view input);
  void send(Client& client);
  void close(Client& client);

  static constexpr std::size_t kBuffer = 64 * 1024;

  Loop& loop_;
  Backend* backend_ = nullptr;
  int port_;
  int listener_ = -1;
  std::string head_;                              // up to the value of Content-Length
  std::vector<std::unique_ptr<Client>> clients_;  // by their descriptors
  std::vector<char> buffer_ = std::vector<char>(kBuffer);
};

}  // namespace client_floor

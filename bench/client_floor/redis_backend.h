#pragma once

#include <deque>
#include <hiredis/hiredis.h>
#include <memory>
#include <string>

#include "http_server.h"

namespace client_floor {

/// Answers with the value of one key, which a GET has asked for. The GETs of a turn leave together.
class RedisBackend : public Backend, public Handler {
 public:
  /// Connects to a Unix socket, blocking.
  RedisBackend(Loop& loop, HttpServer& server, const std::string& socket, const std::string& key);

  void begin(Client& client) override;
  void on_turn_end() override;
  void on_ready(int fd, std::uint32_t events) override;

 private:
  struct Free {
    void operator()(redisContext* context) const noexcept { ::redisFree(context); }
  };

  void check(bool ok) const;
  /// Returns whether the next answer had come.
  bool answer_next();

  Loop& loop_;
  HttpServer& server_;
  std::unique_ptr<redisContext, Free> context_;
  std::string command_;
  std::deque<Client*> in_flight_;
  bool is_dirty_ = false;
};

}  // namespace client_floor

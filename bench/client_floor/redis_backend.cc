#include "redis_backend.h"

#include <stdexcept>

namespace client_floor {

namespace {

struct FreeReply {
  void operator()(redisReply* reply) const noexcept { ::freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

std::string get_command(const std::string& key) {
  return "*2\r\n$3\r\nGET\r\n$" + std::to_string(key.size()) + "\r\n" + key + "\r\n";
}

}  // namespace

RedisBackend::RedisBackend(Loop& loop, HttpServer& server, const std::string& socket,
                           const std::string& key)
    : loop_(loop),
      server_(server),
      // A Unix socket is connected at once.
      context_(::redisConnectUnixNonBlock(socket.c_str())),
      command_(get_command(key)) {
  if (context_ == nullptr) throw std::bad_alloc();
  check(context_->err == 0);
  loop_.watch(context_->fd, *this);
}

void RedisBackend::check(bool ok) const {
  if (!ok) throw std::runtime_error(std::string("Redis: ") + context_->errstr);
}

void RedisBackend::begin(Client& client) {
  check(::redisAppendFormattedCommand(context_.get(), command_.data(), command_.size()) ==
        REDIS_OK);
  in_flight_.push_back(&client);
  is_dirty_ = true;
}

void RedisBackend::on_turn_end() {
  if (!is_dirty_) return;
  is_dirty_ = false;
  int done = 0;
  check(::redisBufferWrite(context_.get(), &done) == REDIS_OK);
  if (done == 0) loop_.watch(context_->fd, *this, EPOLLIN | EPOLLOUT);
}

void RedisBackend::on_ready(int fd, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    loop_.watch(fd, *this);
    is_dirty_ = true;
  }
  if ((events & ~EPOLLOUT) == 0) return;
  check(::redisBufferRead(context_.get()) == REDIS_OK);
  while (answer_next()) {
  }
}

bool RedisBackend::answer_next() {
  void* raw = nullptr;
  check(::redisGetReplyFromReader(context_.get(), &raw) == REDIS_OK);
  if (raw == nullptr) return false;
  const Reply reply(static_cast<redisReply*>(raw));
  if (reply->type != REDIS_REPLY_STRING) throw std::runtime_error("Redis: no value of that key");
  Client& client = *in_flight_.front();
  in_flight_.pop_front();
  client.body.assign(reply->str, reply->len);
  server_.answer(client);
  return true;
}

}  // namespace client_floor

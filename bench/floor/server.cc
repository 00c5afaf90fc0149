#include "server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "bench/server/listener.h"
#include "unmask.h"

namespace floor_server {

using server::checked;
using server::listen_on;

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kMaskedHead = 6;  // of a short message; longer ones have 2 or 8 bytes more

std::size_t raise_file_limit() {
  rlimit limit{};
  checked(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1 << 20);
  checked(::setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
  return limit.rlim_cur;
}

std::string accept_key(std::string_view head) {
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  constexpr std::size_t kLength = 24;
  const std::string key = std::string(head.substr(head.find(kName) + kName.size(), kLength)) +
                          "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::array<unsigned char, 32> text{};
  const int length = ::EVP_EncodeBlock(text.data(), digest.data(), digest.size());
  return {text.begin(), text.begin() + length};
}

/// The parts of a client's frame. `size` is 0 if it is not complete.
struct FrameParts {
  std::size_t payload = 0;
  std::size_t length = 0;
  std::size_t size = 0;
};

FrameParts find_parts(const char* bytes, std::size_t count) {
  if (count < kMaskedHead) return {};
  const auto byte = [bytes](std::size_t i) {
    return std::size_t{static_cast<unsigned char>(bytes[i])};
  };
  FrameParts parts{.payload = kMaskedHead, .length = byte(1) & 0x7F};
  if (parts.length >= 126) {
    const std::size_t more = parts.length == 126 ? 2 : 8;
    parts.payload += more;
    if (count < parts.payload) return {};
    parts.length = 0;
    for (std::size_t i = 2; i < 2 + more; ++i) parts.length = parts.length << 8 | byte(i);
  }
  if (count - parts.payload >= parts.length) parts.size = parts.payload + parts.length;
  return parts;
}

}  // namespace

Server::Server(int port, const std::string& response, bool close)
    : listener_(listen_on(port)),
      epoll_(checked(::epoll_create1(0), "epoll_create1")),
      close_(close),
      response_size_(response.size()),
      connections_(raise_file_limit()),
      buffer_(kBuffer) {
  for (std::size_t i = 0; i < kResponses; ++i) responses_ += response;
  watch(listener_, false, true);
}

void Server::run() {
  std::array<epoll_event, 512> events{};
  for (;;) {
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int fd = event.data.fd;
      if (fd == listener_) {
        accept_all();
        continue;
      }
      if ((event.events & EPOLLOUT) != 0) on_writable(fd);
      if ((event.events & ~EPOLLOUT) != 0) on_readable(fd);
    }
  }
}

void Server::accept_all() {
  for (;;) {
    const int fd = server::accept_from(listener_);
    if (fd < 0) return;
    connections_[static_cast<std::size_t>(fd)] = {.kind = Kind::kHttp};
    watch(fd, false, true);
  }
}

void Server::on_readable(int fd) {
  Connection& connection = connections_[static_cast<std::size_t>(fd)];
  const std::size_t kept = connection.input.size();
  if (kept > 0) std::memcpy(buffer_.data(), connection.input.data(), kept);
  const ssize_t got = ::recv(fd, buffer_.data() + kept, buffer_.size() - kept, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return close(fd);
  const std::size_t count = kept + static_cast<std::size_t>(got);
  const std::size_t done = connection.kind == Kind::kHttp ? on_http(fd, buffer_.data(), count)
                                                          : on_frames(fd, buffer_.data(), count);
  if (connection.kind == Kind::kNone) return;
  if (done == count) {
    connection.input.clear();
  } else {
    connection.input.assign(buffer_.data() + done, count - done);
  }
}

std::size_t Server::on_http(int fd, char* bytes, std::size_t count) {
  const std::string_view input(bytes, count);
  std::size_t done = 0;
  std::size_t requests = 0;
  for (;;) {
    const std::size_t end = input.find(kHeadEnd, done);
    if (end == std::string_view::npos) break;
    const std::string_view head = input.substr(done, end + kHeadEnd.size() - done);
    done += head.size();
    if (shake_hands(fd, head)) return done;
    ++requests;
  }
  for (; requests > 0; requests -= std::min(requests, kResponses))
    send(fd,
         std::string_view(responses_).substr(0, std::min(requests, kResponses) * response_size_));
  if (close_ && done > 0) close(fd);
  return done;
}

bool Server::shake_hands(int fd, std::string_view head) {
  // Distinguishes both websocket paths from others by their lengths and first letters.
  const bool is_topic = head.starts_with("GET /topic ");
  if (!is_topic && !head.starts_with("GET /echo ")) return false;
  connections_[static_cast<std::size_t>(fd)].kind = is_topic ? Kind::kTopic : Kind::kWebsocket;
  send(fd,
       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Accept: " +
           accept_key(head) + "\r\n\r\n");
  return true;
}

std::size_t Server::on_frames(int fd, char* bytes, std::size_t count) {
  std::size_t done = 0;
  char* begin = nullptr;  // of the replies, one behind another
  char* end = nullptr;
  for (;;) {
    char* const frame = bytes + done;
    const FrameParts parts = find_parts(frame, count - done);
    if (parts.size == 0) break;
    if ((frame[0] & 0x0F) == 0x8) {
      close(fd);
      return count;
    }
    // A server's head has no mask, so the first reply's payload stays where it is.
    const std::size_t head = parts.payload - 4;
    const char* const key = frame + head;
    char mask[4];
    std::memcpy(mask, key, sizeof mask);
    if (begin == nullptr) begin = end = frame + 4;
    std::memmove(end, frame, head);
    end[1] = static_cast<char>(end[1] & 0x7F);
    unmask(end + head, frame + parts.payload, parts.length, mask);
    end += head + parts.length;
    done += parts.size;
  }
  if (begin == end) return done;
  const std::string_view replies(begin, static_cast<std::size_t>(end - begin));
  if (connections_[static_cast<std::size_t>(fd)].kind == Kind::kTopic) {
    publish(replies);
  } else {
    send(fd, replies);
  }
  return done;
}

void Server::publish(std::string_view frame) {
  for (std::size_t fd = 0; fd < connections_.size(); ++fd)
    if (connections_[fd].kind == Kind::kTopic) send(static_cast<int>(fd), frame);
}

void Server::send(int fd, std::string_view data) {
  std::string& waiting = connections_[static_cast<std::size_t>(fd)].output;
  if (!waiting.empty()) {
    waiting += data;
    return;
  }
  const ssize_t sent = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (taken == data.size()) return;
  waiting = data.substr(taken);
  watch(fd, true, false);
}

void Server::on_writable(int fd) {
  const std::string data =
      std::exchange(connections_[static_cast<std::size_t>(fd)].output, std::string());
  watch(fd, false, false);
  if (!data.empty()) send(fd, data);
}

void Server::close(int fd) {
  ::close(fd);
  connections_[static_cast<std::size_t>(fd)] = {};
}

void Server::watch(int fd, bool writable, bool is_new) {
  const std::uint32_t events = writable ? EPOLLIN | EPOLLOUT : EPOLLIN;
  epoll_event event{.events = events, .data = {.fd = fd}};
  checked(::epoll_ctl(epoll_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event), "epoll_ctl");
}

}  // namespace floor_server

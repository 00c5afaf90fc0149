#include "sockets.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace load {

namespace {

constexpr std::uint32_t kLoopback = 0x7F000001;
constexpr std::uint32_t kSources = 32;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address(std::uint32_t host, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(host);
  result.sin_port = htons(port);
  return result;
}

void enable(int fd, int level, int option) {
  const int on = 1;
  if (::setsockopt(fd, level, option, &on, sizeof on) != 0) fail("setsockopt");
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Fd connect_to(std::uint16_t port) {
  static std::uint32_t turn = 0;
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) fail("socket");
  enable(fd.get(), IPPROTO_TCP, TCP_NODELAY);
  // Chooses the port when the target is known, since it need not be free for every target.
  enable(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  const sockaddr_in source = address(kLoopback + turn++ % kSources, 0);
  if (::bind(fd.get(), generic(source), sizeof source) != 0) fail("bind");
  const sockaddr_in target = address(kLoopback, port);
  if (::connect(fd.get(), generic(target), sizeof target) != 0) fail("connect");
  return fd;
}

bool Outbox::send(int fd, std::string_view data) {
  if (!waiting_.empty()) {
    waiting_ += data;
    return false;
  }
  const ssize_t sent = ::send(fd, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) fail("send");
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (taken == data.size()) return true;
  waiting_ = data.substr(taken);
  return false;
}

bool Outbox::flush(int fd) {
  const std::string data = std::exchange(waiting_, {});
  return data.empty() || send(fd, data);
}

std::size_t receive(int fd, std::span<char> room, bool& ended) {
  const ssize_t got = ::recv(fd, room.data(), room.size(), MSG_DONTWAIT);
  if (got < 0 && errno != EAGAIN) fail("recv");
  if (got == 0) ended = true;
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

void send_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t sent = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_head(int fd) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::string head;
  char room[4096];
  while (!head.ends_with(kEnd)) {
    const ssize_t seen = ::recv(fd, room, sizeof room, MSG_PEEK);
    if (seen < 0) fail("recv");
    if (seen == 0) break;
    const std::size_t before = head.size();
    head.append(room, static_cast<std::size_t>(seen));
    if (const auto end = head.find(kEnd); end != std::string::npos) head.resize(end + kEnd.size());
    if (::recv(fd, room, head.size() - before, 0) < 0) fail("recv");
  }
  return head;
}

Poll::Poll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (fd_.get() < 0) fail("epoll_create1");
}

void Poll::add(int fd, std::uint64_t data, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.u64 = data}};
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

void Poll::change(int fd, std::uint64_t data, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.u64 = data}};
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd, &event) != 0) fail("epoll_ctl");
}

std::span<epoll_event> Poll::events(int timeout_ms) {
  const int count = ::epoll_wait(fd_.get(), events_, kEvents, timeout_ms);
  if (count < 0 && errno != EINTR) fail("epoll_wait");
  return {events_, count < 0 ? 0 : static_cast<std::size_t>(count)};
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("setrlimit");
}

}  // namespace load

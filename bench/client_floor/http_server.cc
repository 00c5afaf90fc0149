#include "http_server.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/server/listener.h"

namespace client_floor {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kMostQueries = 500;

/// Returns the parameter `queries`, from 1 to 500; 1 where it is missing or no number.
std::size_t read_queries(std::string_view head) {
  constexpr std::string_view kName = "queries=";
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::size_t begin = line.find(kName);
  if (begin == std::string_view::npos) return 1;
  std::size_t count = 1;
  std::from_chars(line.data() + begin + kName.size(), line.data() + line.size(), count);
  return std::clamp<std::size_t>(count, 1, kMostQueries);
}

}  // namespace

HttpServer::HttpServer(Loop& loop, int port, std::string_view headers) : loop_(loop), port_(port) {
  head_ = "HTTP/1.1 200 OK\r\n";
  head_ += headers;
  head_ += "Content-Length: ";
}

void HttpServer::run(Backend& backend) {
  backend_ = &backend;
  listener_ = server::listen_on(port_);
  loop_.watch(listener_, *this);
  loop_.run(backend);
}

void HttpServer::on_ready(int fd, std::uint32_t events) {
  if (fd == listener_) return accept_all();
  Client& client = *clients_[static_cast<std::size_t>(fd)];
  if ((events & EPOLLOUT) != 0) {
    loop_.watch(fd, *this);
    send(client);
  }
  if ((events & ~EPOLLOUT) != 0) read(client);
}

void HttpServer::accept_all() {
  for (;;) {
    const int fd = server::accept_from(listener_);
    if (fd < 0) return;
    const auto index = static_cast<std::size_t>(fd);
    if (index >= clients_.size()) clients_.resize(index + 1);
    clients_[index] = std::make_unique<Client>();
    clients_[index]->fd = fd;
    loop_.watch(fd, *this);
  }
}

void HttpServer::read(Client& client) {
  const ssize_t got = ::recv(client.fd, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return close(client);
  const std::string_view input(buffer_.data(), static_cast<std::size_t>(got));
  if (client.input.empty() && !client.is_waiting) {
    client.input = input.substr(begin(client, input));
    return;
  }
  client.input += input;
  if (!client.is_waiting) client.input.erase(0, begin(client, client.input));
}

std::size_t HttpServer::begin(Client& client, std::string_view input) {
  const std::size_t end = input.find(kHeadEnd);
  if (end == std::string_view::npos) return 0;
  client.queries = read_queries(input);
  client.is_waiting = true;
  backend_->begin(client);
  return end + kHeadEnd.size();
}

void HttpServer::answer(Client& client) {
  if (client.fd < 0) {
    delete &client;
    return;
  }
  client.output += head_;
  char length[20];
  const auto end = std::to_chars(std::begin(length), std::end(length), client.body.size()).ptr;
  client.output.append(std::begin(length), end);
  client.output += kHeadEnd;
  client.output += client.body;
  client.body.clear();
  client.is_waiting = false;
  send(client);
  if (!client.input.empty()) client.input.erase(0, begin(client, client.input));
}

void HttpServer::send(Client& client) {
  const ssize_t sent = ::send(client.fd, client.output.data(), client.output.size(), MSG_NOSIGNAL);
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  client.output.erase(0, taken);
  // A connection that has failed is closed when that is read from it.
  if (!client.output.empty()) loop_.watch(client.fd, *this, EPOLLIN | EPOLLOUT);
}

void HttpServer::close(Client& client) {
  std::unique_ptr<Client> owned = std::move(clients_[static_cast<std::size_t>(client.fd)]);
  loop_.forget(client.fd);
  ::close(client.fd);
  client.fd = -1;
  // Keeps it: the code that works for its request still refers to it, and answer() deletes it.
  if (client.is_waiting) static_cast<void>(owned.release());
}

}  // namespace client_floor

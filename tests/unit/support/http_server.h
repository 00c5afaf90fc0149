#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/response/request_core.h>
#include <aiopyr/plugin/response/response_writer.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/http1/http_head.h>

/// An HTTP/1 server made of the plugin's parts, without uWSGI, on a deterministic loop.
namespace aiopyr::plugin::testing {

inline std::array<int, 2> make_socketpair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) != 0) std::abort();
  return fds;
}

/// The client's end of a stream. It never waits.
class Client {
 public:
  explicit Client(int fd) noexcept : fd_(fd) {}
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Client& operator=(Client&&) = delete;
  ~Client() { vanish(); }

  void vanish() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void send(std::string_view bytes) const {
    static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// Ends its own side: it sends nothing more.
  void end() const { ::shutdown(fd_, SHUT_WR); }
  /// Asks for `path` as browsers do.
  void get(std::string_view path) const {
    send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  /// Returns the bytes that have come since the last call.
  std::string received() {
    std::string all;
    std::array<char, 65536> buffer;
    for (;;) {
      const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
      // The connection is reset if the server has not read everything.
      if (count == 0 || (count < 0 && errno == ECONNRESET)) at_end_ = true;
      if (count <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  /// Returns whether the server has closed; reads to find out.
  [[nodiscard]] bool is_closed() {
    received();
    return at_end_;
  }

 private:
  int fd_;
  bool at_end_ = false;
};

/// Serves connections with a few cores, each of which reads a head and answers with its path, on a
/// fiber.
class HttpServer final : public Cores {
  std::unique_ptr<TestLoop> owned_loop_ = std::make_unique<TestLoop>();

 public:
  explicit HttpServer(ConnectionLimits told = default_limits()) : limits(told) {
    loop.set_exception_handler([this](const std::exception_ptr& error, std::string_view where) {
      log.push_back(std::string(where) + ": " + aiopyr::describe(error));
    });
  }

  /// Ends the loop first: fibers that are unwound use all else.
  ~HttpServer() override { owned_loop_.reset(); }

  static ConnectionLimits default_limits() {
    return {.read_timeout = 20,
            .write_timeout = 20,
            .keep_alive = 75,
            .write_buffer = 1U << 20U,
            .queue = 4,
            .queue_timeout = 10,
            .slow_cores = 1};
  }

  /// Connects a client, and lets a core look at it.
  Client connect() {
    Client client = connect_to_queue_less();
    turns();
    return client;
  }
  /// Connects a client while no core is free.
  Client connect_to_queue() {
    auto [ours, client] = make_connection();
    connections.add_to_queue(std::move(ours));
    return std::move(client);
  }

  void turns(int count = 4) {
    for (int i = 0; i < count; ++i) loop.run_once(false);
  }
  /// Lets deadlines of that length pass.
  void pass(double seconds) {
    loop.advance(to_duration(seconds));
    turns();
  }

  /// If set, holds requests in their cores until release(), instead of answering at once.
  bool holds = false;
  /// Answers the first `count` held requests, and frees their cores.
  void release(std::size_t count = 1) {
    for (; count > 0 && !held.empty(); --count) {
      auto connection = std::move(held.front());
      held.pop_front();
      answer(std::move(connection));
    }
    turns();
  }

  [[nodiscard]] bool has_free() const noexcept override { return free_cores > 0; }
  [[nodiscard]] bool is_paused() const noexcept override { return paused; }
  void serve(std::unique_ptr<ClientConnection> connection, bool reads_body) override {
    --free_cores;
    served.emplace_back(reads_body ? "with body" : "whole");
    if (holds) {
      held.push_back(std::move(connection));
    } else {
      answer(std::move(connection));
    }
  }

  TestLoop& loop = *owned_loop_;
  std::vector<std::string> log;
  ConnectionLimits limits;
  Listener listener{.fd = -1, .traits = traits_of_protocol("http"), .socket = nullptr};
  metrics::Gauge queued;
  metrics::Counter refused;
  int free_cores = 2;
  bool paused = false;
  std::vector<std::string> served;
  std::list<std::unique_ptr<ClientConnection>> held;
  /// The body of answers; "" for the path.
  std::string body;
  /// If set, answers have this part of a file instead.
  std::shared_ptr<const FileBody> file;
  std::uint64_t file_offset = 0;
  std::size_t file_length = 0;
  bool keeps = true;
  /// The recorded sizes of responses: bytes of heads and of bodies, and clients that were gone.
  std::size_t heads_sent = 0;
  std::size_t bodies_sent = 0;
  int write_errors = 0;
  ClientConnections connections{loop, limits, {queued, refused}, *this};

  std::pair<std::unique_ptr<ClientConnection>, Client> make_connection() {
    const auto fds = make_socketpair();
    ClientOrigin origin;
    origin.listener = &listener;
    origin.address.ss_family = AF_UNIX;
    auto connection = std::make_unique<ClientConnection>(connections, origin,
                                                         std::make_unique<SocketTransport>(fds[0]),
                                                         Arrival{.began = loop.now()});
    return {std::move(connection), Client(fds[1])};
  }

 private:
  Client connect_to_queue_less() {
    auto [ours, client] = make_connection();
    connections.add(std::move(ours));
    return std::move(client);
  }

  void free_core(Ending ending, std::unique_ptr<ClientConnection> connection) {
    ++free_cores;
    carry_out(std::move(ending), std::move(connection), connections);
    connections.use_free_cores();
  }

  /// Does the work of a core of uWSGI's for a request: reads its head, and answers.
  void answer(std::unique_ptr<ClientConnection> connection) {
    ReceivedRequest& received = connection->received();
    std::string bytes(received.buffer ? std::string_view(received.buffer.get(), received.position)
                                      : std::string_view());
    received = {};
    auto head_size = find_head_end(bytes);
    if (!head_size) {
      std::array<std::byte, 1024> more;
      const auto read = connection->stream().transport().read(more);
      if (read.status == Transport::Status::kEndOfFile) return free_core({}, nullptr);
      bytes.append(reinterpret_cast<const char*>(more.data()), read.bytes);
      head_size = find_head_end(bytes);
    }
    if (!head_size) {
      keep(received, bytes, 1);
      return free_core(ending::Kept{}, std::move(connection));
    }
    HttpHead head;
    if (parse_http_head(std::string_view(bytes).substr(0, *head_size), head).is_refused()) {
      connection->stream().answer_finally("HTTP/1.1 400 Bad Request\r\n\r\n");
      return free_core(ending::Refused{}, std::move(connection));
    }
    const std::string content = body.empty() ? std::string(head.path) : body;
    const std::size_t length = file ? file_length : content.size();
    const std::string text =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    if (bytes.size() > *head_size) {
      keep(received, bytes.substr(*head_size), ReceivedRequest::kNotScanned);
    }
    leave(std::move(connection), text, content);
  }

  /// A core that writes a response on its fiber.
  struct Core final : RequestCore {
    Core(HttpServer& owner, std::unique_ptr<ClientConnection> served) noexcept
        : server(owner), connection(std::move(served)) {}

    void note_sent(std::size_t head, std::size_t content) noexcept override {
      server.heads_sent += head;
      server.bodies_sent += content;
    }
    void note_failed() noexcept override { ++server.write_errors; }
    void return_for_next_request() noexcept override {
      connection->arrival() = connection->arrival().next(server.loop.now());
      return_stream();
    }
    void return_stream() noexcept override { connection->stream().take_back(); }
    void end_with(Ending what) override { ending = std::move(what); }

    HttpServer& server;
    std::unique_ptr<ClientConnection> connection;
    Ending ending;
    bool is_over = false;
    bool has_parked = false;
  };

  /// Sends a response on a fiber, which holds its core until it has ended.
  void leave(std::unique_ptr<ClientConnection> connection, const std::string& head,
             const std::string& content) {
    connection->stream().lend();
    auto core = std::make_shared<Core>(*this, std::move(connection));
    Fiber::start(loop, [this, core, head, content] {
      write(*core, head, content);
      core->is_over = true;
      if (core->has_parked) loop.call_soon([this, core] { finish(*core); });
    });
    core->has_parked = !core->is_over;
    if (core->is_over) finish(*core);
  }

  void write(Core& core, const std::string& head, const std::string& content) {
    try {
      ResponseWriter writer(*core.connection, connections, core, keeps);
      if (file) {
        writer.send(head, file, file_offset, file_length);
      } else {
        writer.send(head, content);
      }
    } catch (const Error& error) {
      log.emplace_back(error.what());
      return;
    } catch (const CancelledError&) {
      log.emplace_back("cancelled");
      return;
    }
    if (!core.connection->stream().is_lent()) return;
    if (keeps) {
      core.return_for_next_request();
      core.end_with(ending::Kept{});
    } else {
      core.return_stream();
      core.end_with(ending::InOrder{});
    }
  }

  void finish(Core& core) {
    const bool closes = std::holds_alternative<ending::ByUwsgi>(core.ending);
    if (closes) core.connection->stream().take_back();  // the stream's destructor closes it
    free_core(std::move(core.ending), closes ? nullptr : std::move(core.connection));
  }

  static void keep(ReceivedRequest& received, const std::string& bytes, std::int64_t status) {
    if (bytes.empty()) return;
    received.buffer.reset(static_cast<char*>(take_read_buffer()));
    std::memcpy(received.buffer.get(), bytes.data(), bytes.size());
    received.position = bytes.size();
    received.status = status;
  }
};

/// Returns an answer of HttpServer.
inline std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace aiopyr::plugin::testing

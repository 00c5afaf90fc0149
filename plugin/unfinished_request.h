#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/plugin/body_input.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/async/transport.h>

namespace aiopyr::plugin {

/// How a request came, besides what uWSGI keeps of it in a core.
struct Arrival {
  TimePoint began{};       ///< its client was accepted, or sent the first byte on a kept connection
  std::size_t served = 0;  ///< how many requests were answered on its connection before
  Duration queued{};       ///< how long it has waited for a core so far
  bool reads_body = false;  ///< it gets a BodyCore: its client has not sent all of its body
  /// The line of the PROXY protocol that its connection has begun with; null where there was none.
  std::shared_ptr<const std::string> proxy_line{};
};

/// A request that its client has not sent all of, or nothing of yet, out of its core: the
/// connection, and how far uWSGI's parser has come with it. It holds no core while it waits, and
/// goes on in any other.
///
/// Owns the connection, which its destructor closes. On the loop's thread.
class UnfinishedRequest {
 public:
  /// None: nothing but assigning to it makes sense.
  UnfinishedRequest() noexcept = default;
  /// Takes the request out of `core`, which is left with nothing to close, to be given back after
  /// uwsgi_destroy_request.
  /// Throws std::bad_alloc, with the core as it was.
  UnfinishedRequest(wsgi_request& core, Arrival arrival);
  /// Takes the connection out of `core`, whose request is answered and read to its end: what was
  /// received behind it is the beginning of the next. `arrival` was the answered one's.
  static UnfinishedRequest next(wsgi_request& core, const Arrival& arrival, TimePoint now) noexcept;
  /// Accepts a connection without a core, of which nothing is read yet. Nothing where none waits or
  /// accepting fails; errno says why.
  static std::optional<UnfinishedRequest> accept(uwsgi_socket& socket, TimePoint now) noexcept;
  UnfinishedRequest(UnfinishedRequest&& other) noexcept;
  UnfinishedRequest& operator=(UnfinishedRequest&& other) noexcept;
  ~UnfinishedRequest();

  /// Puts it into a core that was set up for its socket. There is nothing left here then.
  void move_to(wsgi_request& core) noexcept;

  [[nodiscard]] int fd() const noexcept { return state_.fd; }
  [[nodiscard]] uwsgi_socket& socket() const noexcept { return *socket_; }
  [[nodiscard]] const Arrival& arrival() const noexcept { return arrival_; }
  /// The first byte of it has come.
  void begin(TimePoint now) noexcept { arrival_.began = now; }
  void add_queue_time(Duration time) noexcept { arrival_.queued += time; }
  /// Whether its client has sent anything.
  [[nodiscard]] bool is_asked() const noexcept { return state_.position > 0; }
  /// Whether there is something to look at, or all that is awaited is there, without the socket
  /// telling of it.
  [[nodiscard]] bool has_input() const noexcept;

  /// The bytes of its body that are worth waiting for before it gets a core, and are not there yet;
  /// 0 while the head is not whole.
  [[nodiscard]] std::size_t awaited_body() const noexcept { return awaited_body_; }
  void await_body(std::size_t bytes) noexcept { awaited_body_ = bytes; }

  /// Has the beginning of its body read without a core (BodyInput); `input` has what came with the
  /// head.
  void read_body_ahead(std::unique_ptr<BodyInput> input) noexcept;
  /// Reads what has come of that. Returns whether the request is ready for a core, as one is that
  /// has no such body.
  [[nodiscard]] bool read_on();
  /// The length of its body beyond what came with the head, or nothing where it is in chunks.
  void expect_body(std::optional<std::size_t> length) noexcept {
    body_rest_ = length.value_or(kUnknown);
  }
  /// How many bytes the socket has to hold for the body to be whole; nothing where it cannot tell,
  /// or where so many are not to lie there (kMostWhole).
  [[nodiscard]] std::optional<std::size_t> countable_rest() const noexcept;
  /// Whether its client has more of a body to send, as far as can be told: it needs a BodyCore.
  [[nodiscard]] bool has_body_to_come() const noexcept;
  /// How much of its body has come.
  [[nodiscard]] std::size_t body_bytes() const noexcept;

  /// Sends the answer to a request that is given up. What the socket does not take is dropped.
  void answer(std::string_view http) noexcept;

  /// Lends the connection to whoever writes the rest of the answer before, and takes it back.
  [[nodiscard]] std::unique_ptr<Transport> lend();
  void take_back(std::unique_ptr<Transport> transport) noexcept;

 private:
  UnfinishedRequest(uwsgi_socket& socket, Arrival arrival) noexcept
      : socket_(&socket), arrival_(std::move(arrival)) {}

  static constexpr std::size_t kUnknown = SIZE_MAX;
  /// Of a body that waits for a BodyCore.
  static constexpr std::size_t kMostWhole = std::size_t{256} << 10U;

  void close() noexcept;
  [[nodiscard]] bool is_tls() const noexcept;
  /// Whether the socket tells how much of the body is there.
  [[nodiscard]] bool is_countable() const noexcept;

  /// What uWSGI keeps of it in a core.
  struct State {
    int fd = -1;
    decltype(wsgi_request::client_addr) address{};
    int address_length = 0;
    void* buffer = nullptr;
    std::uint64_t position = 0;
    std::int64_t status = 0;
    void* remains = nullptr;
    std::size_t remains_size = 0;
    char* https = nullptr;
    std::uint16_t https_length = 0;
    SSL* ssl = nullptr;
  };

  uwsgi_socket* socket_ = nullptr;
  Arrival arrival_{};
  State state_{};
  std::string packet_;  // the head as uWSGI's variables, once it is whole
  std::size_t awaited_body_ = 0;
  std::size_t body_rest_ = 0;
  std::unique_ptr<BodyInput> body_;
};

/// Whether an answer can be written to connections of this socket as it is, and so be given without
/// a core. A TLS session begins in a core.
bool takes_plain_answers(const uwsgi_socket& socket) noexcept;

/// Whether a request of this socket can be taken out of its core before its head is whole, and its
/// connection kept. HTTP is what clients speak themselves, fast or slow; proxies send heads in one
/// piece.
bool may_be_unfinished(const uwsgi_socket& socket) noexcept;

/// Whether it can once its head is whole. uWSGI's HTTP router passes bodies on as they come, and so
/// does nginx if it is told to.
bool may_wait_for_body(const uwsgi_socket& socket) noexcept;

/// What a proxy's variables say of a body that follows them on the connection.
struct ProxiedBody {
  std::size_t length = 0;
  bool is_chunked = false;
};

/// None where it is in a file (UWSGI_POSTFILE), and where the packet is for other plugins of uWSGI:
/// that may be anything. Read as uWSGI will read it: what follows a length's digits is ignored.
ProxiedBody proxied_body(const wsgi_request& core) noexcept;

/// How many bytes of the body of a request whose head is whole are worth waiting for before it is
/// served: none where they are there, where the client waits to be invited, where the body is
/// chunked or larger than the app will read, or where the socket cannot count them.
std::size_t missing_body(const wsgi_request& core) noexcept;

/// Whether such a body that the socket cannot count is worth reading ahead: in chunks, or not all
/// there yet, and as long as memory for it is left (aiopyr-write-buffer).
bool is_body_to_read_ahead(const wsgi_request& core, bool is_chunked) noexcept;

/// Whether the client has more of a body to send, as far as can be told, that a view will read: not
/// one beyond aiopyr-max-body.
bool has_body_to_come(const wsgi_request& core, bool is_chunked) noexcept;

}  // namespace aiopyr::plugin

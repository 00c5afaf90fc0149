#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/clients/http/engine/failure.h>
#include <aiopyr/clients/http/engine/transfer.h>
#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::http {

/// The functions that libcurl calls. None of them resumes a coroutine or lets an exception out.
struct Transfer::Callbacks {
  static std::size_t write(char* data, std::size_t size, std::size_t count,
                           void* transfer) noexcept {
    auto* const self = static_cast<Transfer*>(transfer);
    const std::size_t bytes = size * count;
    self->last_read_ = Loop::current()->now();
    const bool is_streamed = self->plan_.is_answer_streamed;
    if (is_streamed && self->body_.size() >= self->plan_.client->stream_buffer) {
      self->is_receiving_paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    if (!is_streamed && bytes > self->plan_.max_body - self->body_.size()) {
      self->error_ = std::make_exception_ptr(ResponseTooLargeError(
          self->context(),
          "the answer has more than the " + std::to_string(self->plan_.max_body) +
              " bytes of max_body: raise it, or read the answer by stream()",
          Retry::kUseless));
      return 0;
    }
    return self->guarded([&] { self->body_.append(data, bytes); }) ? self->note_bytes(bytes) : 0;
  }

  static std::size_t header(char* data, std::size_t size, std::size_t count,
                            void* transfer) noexcept {
    auto* const self = static_cast<Transfer*>(transfer);
    const std::size_t bytes = size * count;
    bool is_good = false;
    self->last_read_ = Loop::current()->now();
    const bool is_done = self->guarded([&] { is_good = self->on_header_line({data, bytes}); });
    return is_done && is_good ? bytes : 0;
  }

  static std::size_t read(char* room, std::size_t size, std::size_t count,
                          void* transfer) noexcept {
    auto* const self = static_cast<Transfer*>(transfer);
    const std::size_t left = self->piece_.size() - self->piece_at_;
    if (left == 0) {
      if (self->has_upload_ended_) return 0;
      self->is_sending_paused_ = true;
      return CURL_READFUNC_PAUSE;
    }
    const std::size_t bytes = std::min(left, size * count);
    std::memcpy(room, self->piece_.data() + self->piece_at_, bytes);
    self->piece_at_ += bytes;
    self->last_write_ = Loop::current()->now();
    if (self->wants_piece()) self->room_.set();
    return bytes;
  }

  static int connected(void* transfer, char* /*peer*/, char* own, int /*peer_port*/,
                       int own_port) noexcept {
    auto* const self = static_cast<Transfer*>(transfer);
    bool is_good = false;
    const bool is_done = self->guarded(
        [&] { is_good = self->on_connected(std::string(own) + " " + std::to_string(own_port)); });
    return is_done && is_good ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }

  static curl_socket_t open_socket(void* transfer, curlsocktype /*purpose*/,
                                   curl_sockaddr* address) noexcept {
    auto* const self = static_cast<Transfer*>(transfer);
    // The last check is of the very address that connect() gets.
    const bool is_inet = address->family == AF_INET || address->family == AF_INET6;
    if (is_inet && !self->plan_.guard->allows_address(&address->addr)) {
      self->guarded([&] {
        throw ForbiddenUrlError(self->context(), "the host has an address that is not public");
      });
      return CURL_SOCKET_BAD;
    }
    // libcurl does not look at whether it can make the socket non-blocking later.
    const int type = address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK;
    const int fd = ::socket(address->family, type, address->protocol);
    if (fd >= 0) self->multi_->socket_opened(fd);
    return fd;
  }

  static int close_socket(void* multi, curl_socket_t fd) noexcept {
    static_cast<Multi*>(multi)->socket_closed(fd);
    return ::close(fd);
  }
};

Transfer::Transfer(std::shared_ptr<Multi> multi, Plan plan)
    : multi_(std::move(multi)), plan_(std::move(plan)), easy_(multi_->take_easy()) {}

Transfer::~Transfer() {
  stop();
  multi_->give_back(easy_);
}

void Transfer::stop() noexcept {
  Timer::stop();
  if (std::exchange(is_added_, false)) multi_->remove(easy_);
}

ClientError::Context Transfer::context() const {
  return {.client = "http",
          .server = plan_.url->origin(),
          .operation = plan_.method + " " + plan_.url->path()};
}

template <class F>
bool Transfer::guarded(F f) noexcept {
  try {
    f();
    return true;
  } catch (...) {
    if (!error_) error_ = std::current_exception();
    return false;
  }
}

std::size_t Transfer::note_bytes(std::size_t bytes) noexcept {
  if (plan_.is_answer_streamed) changed_.set();
  return bytes;
}

void Transfer::start() {
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, static_cast<Multi::Listener*>(this));
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::write);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Callbacks::read);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Callbacks::connected);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open_socket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::close_socket);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, multi_.get());
  set_up();
  is_added_ = true;
  try {
    multi_->add(easy_);
  } catch (...) {
    is_added_ = false;
    throw;
  }
  if (!is_done()) watch_time();
}

/// Returns whether the answer is complete although libcurl has failed: a server of HTTP/2 may
/// answer before it has read the body, and end the stream without an error (RFC 9113 section 8.1).
/// libcurl then goes on to send, and fails without a word. Where the stream ended with an error, it
/// says so.
bool Transfer::is_answered_early(int code) const noexcept {
  if (code != CURLE_HTTP2_STREAM || !has_head_ || detail_.front() != '\0') return false;
  curl_off_t length = -1;
  curl_off_t received = 0;
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &received);
  return length < 0 || received == length;
}

void Transfer::on_done(int code) noexcept {
  if (!error_ && code == CURLE_OK && !has_head_) {
    // libcurl takes a head that ends early for a whole one.
    guarded([&] {
      throw ConnectionLostError(context(), "the connection was closed in the head of the answer",
                                Retry::kUnsafe);
    });
  }
  // Prefers the fault that a callback found, which says more than the code that libcurl makes of
  // its refusal.
  if (error_ || code == CURLE_OK || is_answered_early(code)) {
    finish(error_);
    return;
  }
  long os_error = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  guarded([&] {
    error_ = make_error(context(), {.code = code,
                                    .os_error = static_cast<int>(os_error),
                                    .detail = detail_.data(),
                                    .was_sent = was_connected_});
  });
  if (!was_connected_) multi_->figures().connect_failures.add();
  finish(error_);
}

void Transfer::finish(std::exception_ptr error) noexcept {
  error_ = std::move(error);
  stop();
  stage_ = Stage::kDone;
  changed_.set();
  room_.set();
}

void Transfer::fail(std::exception_ptr error) noexcept {
  if (!is_done()) finish(std::move(error));
}

/// Breaks a kept connection on which the server has sent what nobody asked for, such as a 408: the
/// next request would take it for its answer. libcurl then fails to send, and makes a new one. Not
/// with HTTP/2, whose frames may come at any time. Returns whether it did.
bool Transfer::break_if_spoiled(const std::string& own_address) noexcept {
  const int fd = multi_->socket_of(own_address);
  std::array<char, 4096> unasked;
  if (fd < 0 || ::recv(fd, unasked.data(), 1, MSG_PEEK | MSG_DONTWAIT) <= 0) return false;
  ::shutdown(fd, SHUT_RDWR);
  constexpr int kMostReads = 64;  // a server may send on and on
  for (int reads = 0; reads < kMostReads; ++reads) {
    if (::recv(fd, unasked.data(), unasked.size(), MSG_DONTWAIT) <= 0) break;
  }
  return true;
}

/// `own_address` is the connection's, for TCP.
bool Transfer::on_connected(const std::string& own_address) noexcept {
  long connections = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connections);
  const bool is_new = connections > 0;
  if (!is_new && break_if_spoiled(own_address)) return true;
  // libcurl sends a request again by itself where a kept connection turns out to be dead. That is
  // not for requests that may not be done twice (RFC 9110 section 9.2.2).
  if (std::exchange(was_connected_, true) && !is_idempotent(plan_.method)) {
    guarded([&] {
      throw ConnectionLostError(context(), "the connection was closed before an answer",
                                Retry::kUnsafe);
    });
    return false;
  }
  if (is_new) {
    multi_->figures().connects.add();
    if (!guarded([&] { own_address_ = own_address; })) return false;
  }
  stage_ = Stage::kExchanging;
  last_read_ = last_write_ = Loop::current()->now();
  return guarded([&] { watch_time(); });
}

std::string Transfer::take_body() {
  std::string body = std::exchange(body_, {});
  if (is_receiving_paused_) {
    is_receiving_paused_ = false;
    last_read_ = Loop::current()->now();
    unpause();
  }
  return body;
}

void Transfer::feed(std::string piece) {
  fed_ += piece.size();
  // Before it is sent: what is beyond the length would be the server's next request.
  if (plan_.upload_length && fed_ > *plan_.upload_length) throw_wrong_length();
  piece_ = std::move(piece);
  piece_at_ = 0;
  last_write_ = Loop::current()->now();
  if (std::exchange(is_sending_paused_, false)) unpause();
}

void Transfer::end_upload() {
  if (plan_.upload_length && fed_ != *plan_.upload_length) throw_wrong_length();
  has_upload_ended_ = true;
  last_read_ = Loop::current()->now();
  if (std::exchange(is_sending_paused_, false)) unpause();
}

void Transfer::throw_wrong_length() const {
  throw InvalidRequestError(context(), "the body has " + std::to_string(fed_) +
                                           " bytes or more, but its length was said to be " +
                                           std::to_string(*plan_.upload_length));
}

void Transfer::unpause() noexcept {
  if (!is_added_) return;
  const int state =
      (is_receiving_paused_ ? CURLPAUSE_RECV : 0) | (is_sending_paused_ ? CURLPAUSE_SEND : 0);
  curl_easy_pause(easy_, state);
  multi_->kick();
}

}  // namespace aiopyr::http

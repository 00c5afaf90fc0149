#include <algorithm>
#include <curl/curl.h>
#include <netinet/in.h>
#include <new>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/clients/http/engine/multi.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::http {

namespace {

// Kept for the next transfers; a handle takes about 6 KiB, and its receive buffer while it runs.
constexpr std::size_t kSpareEasies = 128;

/// Prepares libcurl once; it has no part that could be undone while others use it.
void initialize_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    throw Error(std::string("libcurl cannot be initialized: ") + curl_easy_strerror(code));
  }
}

/// Returns a socket's own address and port, as libcurl writes them; empty for a socket without.
std::string own_address(int fd) {
  clients::Address address;
  address.length = sizeof address.storage;
  auto* const storage = reinterpret_cast<sockaddr*>(&address.storage);
  if (::getsockname(fd, storage, &address.length) != 0) return {};
  std::uint16_t port = 0;
  if (address.family() == AF_INET) {
    port = reinterpret_cast<const sockaddr_in&>(address.storage).sin_port;
  } else if (address.family() == AF_INET6) {
    port = reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_port;
  } else {
    return {};
  }
  return address.host() + " " + std::to_string(ntohs(port));
}

}  // namespace

/// A socket of libcurl's, watched as libcurl says.
class Multi::SocketWatch final : public FdWatch {
 public:
  explicit SocketWatch(Multi& multi) noexcept : multi_(multi) {}

 private:
  void on_ready(FdEvents ready) override {
    const int events = (has(ready, FdEvents::kRead) ? CURL_CSELECT_IN : 0) |
                       (has(ready, FdEvents::kWrite) ? CURL_CSELECT_OUT : 0);
    multi_.act(fd(), events);  // may destroy this watch
  }
  Multi& multi_;
};

Multi::Multi(const Limits& limits, metrics::ClientFigures& figures)
    : limits_(limits), figures_(figures) {
  Loop::require("http::Client");
  initialize_curl();
  open();
}

Multi::~Multi() {
  for (void* const easy : spare_easies_) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi_);
}

void Multi::open() {
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_time);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  // libcurl counts connections in use too, and closes the oldest idle one beyond this. A smaller
  // number would close connections that the next request needs.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(limits_.connections));
  curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS,
                    static_cast<long>(std::max<std::size_t>(limits_.streams_per_origin, 1)));
}

void* Multi::take_easy() {
  if (!spare_easies_.empty()) {
    void* const easy = spare_easies_.back();
    spare_easies_.pop_back();
    return easy;
  }
  void* const easy = curl_easy_init();
  if (easy == nullptr) throw std::bad_alloc();
  return easy;
}

void Multi::give_back(void* easy) noexcept {
  // libcurl 7.88 keeps the jar through a reset, and loses the list of cookie files.
  curl_easy_setopt(easy, CURLOPT_COOKIEFILE, nullptr);
  curl_easy_setopt(easy, CURLOPT_SHARE, nullptr);
  curl_easy_reset(easy);
  if (spare_easies_.size() < kSpareEasies) {
    spare_easies_.push_back(easy);
  } else {
    curl_easy_cleanup(easy);
  }
}

void Multi::add(void* easy) {
  idle_timer_.stop();
  const CURLMcode code = curl_multi_add_handle(multi_, easy);
  if (code != CURLM_OK) {
    throw Error(std::string("libcurl cannot begin a transfer: ") + curl_multi_strerror(code));
  }
  ++running_;
  kick();
}

void Multi::remove(void* easy) noexcept {
  curl_multi_remove_handle(multi_, easy);
  if (--running_ > 0 || sockets_ == 0) return;
  Loop* const loop = Loop::current();
  if (loop != nullptr && limits_.keep.duration() > Duration::zero()) {
    idle_timer_.start_after(*loop, limits_.keep);
  }
}

void Multi::kick() noexcept { act(CURL_SOCKET_TIMEOUT, 0); }

void Multi::act(int fd, int events) noexcept {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  tell_ends();
}

void Multi::tell_ends() noexcept {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* listener = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &listener);
    // The message is gone once its handle is removed.
    static_cast<Listener*>(listener)->on_done(message->data.result);
  }
}

int Multi::on_socket(void* /*easy*/, int fd, int what, void* self, void* watch) noexcept {
  try {
    static_cast<Multi*>(self)->watch_socket(fd, what, static_cast<SocketWatch*>(watch));
    return 0;
  } catch (...) {
    return -1;  // libcurl ends the transfers of the socket
  }
}

void Multi::watch_socket(int fd, int what, SocketWatch* watch) {
  if (what == CURL_POLL_REMOVE) {
    if (watch == nullptr) return;
    curl_multi_assign(multi_, fd, nullptr);
    watch->stop();
    // Not destroyed: libcurl may be called by this very watch.
    spare_watches_.emplace_back(watch);
    return;
  }
  Loop& loop = Loop::require("http::Client");
  if (watch == nullptr) {
    std::unique_ptr<SocketWatch> made;
    if (spare_watches_.empty()) {
      made = std::make_unique<SocketWatch>(*this);
    } else {
      made = std::move(spare_watches_.back());
      spare_watches_.pop_back();
    }
    spare_watches_.reserve(spare_watches_.size() + 1);
    curl_multi_assign(multi_, fd, made.get());
    watch = made.release();
  }
  FdEvents events = FdEvents::kNone;
  if ((what & CURL_POLL_IN) != 0) events = events | FdEvents::kRead;
  if ((what & CURL_POLL_OUT) != 0) events = events | FdEvents::kWrite;
  if (watch->is_active() && watch->fd() == fd && watch->events() == events) return;
  watch->start(loop, fd, events);
}

int Multi::on_time(void* /*multi*/, long milliseconds, void* self) noexcept {
  auto& multi = *static_cast<Multi*>(self);
  Loop* const loop = Loop::current();
  if (milliseconds < 0 || loop == nullptr) {
    multi.curl_timer_.stop();
    return 0;
  }
  try {
    multi.curl_timer_.start_after(*loop, std::chrono::milliseconds(milliseconds));
    return 0;
  } catch (...) {
    return -1;
  }
}

void Multi::close_idle() {
  if (running_ > 0) return;
  curl_multi_cleanup(multi_);
  curl_timer_.stop();
  open();
}

void Multi::socket_opened(int fd) noexcept {
  ++sockets_;
  figures_.connections.add(1);
  try {
    unnamed_.push_back(fd);
  } catch (const std::bad_alloc&) {
    return;  // its address is never known
  }
}

void Multi::socket_closed(int fd) noexcept {
  --sockets_;
  figures_.connections.add(-1);
  std::erase(unnamed_, fd);
  std::erase_if(addresses_, [fd](const auto& each) { return each.second == fd; });
}

void Multi::note_address(const std::string& address) {
  const auto found = std::find_if(unnamed_.begin(), unnamed_.end(),
                                  [&](int fd) { return own_address(fd) == address; });
  if (found == unnamed_.end()) return;
  addresses_[address] = *found;
  unnamed_.erase(found);
}

int Multi::socket_of(const std::string& address) const noexcept {
  const auto found = addresses_.find(address);
  return found == addresses_.end() ? -1 : found->second;
}

}  // namespace aiopyr::http

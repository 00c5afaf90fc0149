#include "fetch_backend.h"

#include <algorithm>
#include <stdexcept>

namespace client_floor {

namespace {

// Connections that are kept: one for each client that waits at a time.
constexpr long kKept = 512;

void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(::curl_multi_strerror(code));
}

}  // namespace

FetchBackend::FetchBackend(Loop& loop, HttpServer& server, std::string url)
    : loop_(loop), server_(server), url_(std::move(url)), multi_(::curl_multi_init()) {
  CURLM* const multi = multi_.get();
  check(::curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_watch));
  check(::curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this));
  check(::curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer));
  check(::curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this));
  check(::curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kKept));
}

CURL* FetchBackend::new_transfer() {
  CURL* const transfer = ::curl_easy_init();
  if (transfer == nullptr) throw std::bad_alloc();
  ::curl_easy_setopt(transfer, CURLOPT_URL, url_.c_str());
  ::curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, on_body);
  return transfer;
}

void FetchBackend::begin(Client& client) {
  if (free_transfers_.empty()) free_transfers_.push_back(new_transfer());
  CURL* const transfer = free_transfers_.back();
  free_transfers_.pop_back();
  ::curl_easy_setopt(transfer, CURLOPT_WRITEDATA, &client);
  ::curl_easy_setopt(transfer, CURLOPT_PRIVATE, &client);
  check(::curl_multi_add_handle(multi_.get(), transfer));
}

void FetchBackend::on_turn_end() {
  if (alarm_ && *alarm_ <= Clock::now()) {
    alarm_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  answer_finished();
}

int FetchBackend::timeout_ms() {
  if (!alarm_) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*alarm_ - Clock::now());
  return static_cast<int>(std::max<long>(left.count(), 0));
}

void FetchBackend::on_ready(int fd, std::uint32_t events) {
  const int readable = (events & ~EPOLLOUT) != 0 ? CURL_CSELECT_IN : 0;
  const int writable = (events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
  act(fd, readable | writable);
}

void FetchBackend::act(curl_socket_t fd, int events) {
  int running = 0;
  check(::curl_multi_socket_action(multi_.get(), fd, events, &running));
}

void FetchBackend::answer_finished() {
  int left = 0;
  while (const CURLMsg* const message = ::curl_multi_info_read(multi_.get(), &left)) {
    CURL* const transfer = message->easy_handle;
    const CURLcode result = message->data.result;
    if (result != CURLE_OK) throw std::runtime_error(::curl_easy_strerror(result));
    Client* client = nullptr;
    ::curl_easy_getinfo(transfer, CURLINFO_PRIVATE, &client);
    check(::curl_multi_remove_handle(multi_.get(), transfer));
    free_transfers_.push_back(transfer);
    server_.answer(*client);
  }
}

int FetchBackend::on_watch(CURL*, curl_socket_t fd, int what, void* self, void*) {
  auto& backend = *static_cast<FetchBackend*>(self);
  if (what == CURL_POLL_REMOVE) {
    backend.loop_.forget(fd);
    return 0;
  }
  std::uint32_t events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  backend.loop_.watch(fd, backend, events);
  return 0;
}

int FetchBackend::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& alarm = static_cast<FetchBackend*>(self)->alarm_;
  alarm.reset();
  if (timeout_ms >= 0) alarm = Clock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

std::size_t FetchBackend::on_body(const char* bytes, std::size_t size, std::size_t count,
                                  void* client) {
  static_cast<Client*>(client)->body.append(bytes, size * count);
  return size * count;
}

}  // namespace client_floor

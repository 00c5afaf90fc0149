#pragma once

#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http_server.h"

namespace client_floor {

/// Answers with what another HTTP server answers, by libcurl's multi interface.
class FetchBackend : public Backend, public Handler {
 public:
  FetchBackend(Loop& loop, HttpServer& server, std::string url);

  void begin(Client& client) override;
  void on_turn_end() override;
  [[nodiscard]] int timeout_ms() override;
  void on_ready(int fd, std::uint32_t events) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Cleanup {
    void operator()(CURLM* multi) const noexcept { ::curl_multi_cleanup(multi); }
  };

  // Called by libcurl; `self` is a FetchBackend, `client` a Client.
  static int on_watch(CURL* transfer, curl_socket_t fd, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* client);

  [[nodiscard]] CURL* new_transfer();
  void act(curl_socket_t fd, int events);
  void answer_finished();

  Loop& loop_;
  HttpServer& server_;
  std::string url_;
  std::unique_ptr<CURLM, Cleanup> multi_;
  std::vector<CURL*> free_transfers_;
  std::optional<Clock::time_point> alarm_;
};

}  // namespace client_floor

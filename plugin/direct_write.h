#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/transport.h>
#include <aiopyr/runtime/web/file_body.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// A response that is written to its connection without uWSGI, which would wait for the client in
/// the request's core: what the client does not take at once goes to ResponseTails, as long as
/// there is room to keep it.
///
/// On the request's fiber. Afterwards the connection is kept or closed by whoever has it then, or
/// still the request's (fd_closed is 0) where all was sent at once. Functions throw
/// ClientDisconnected where the client is gone.
class DirectWrite {
 public:
  /// Whether what is written to the connection is what the client gets: no other protocol around
  /// it, no transformation of uWSGI's, no thread of its that is asked to send files.
  [[nodiscard]] static bool is_possible(const wsgi_request& request) noexcept;

  /// `keep`: the connection is for the client's next request.
  DirectWrite(wsgi_request& request, bool keep) noexcept : request_(request), keep_(keep) {}

  /// Sends the rest of a head, empty where it has left, and a body.
  void send(std::string_view head, std::string body);
  /// The same with a part of a file.
  void send(std::string_view head, std::shared_ptr<const FileBody> file, std::uint64_t offset,
            std::size_t length);

 private:
  [[nodiscard]] bool may_be_batched(std::size_t head, std::size_t body) const noexcept;
  [[nodiscard]] bool send_in_batch(std::string_view body);
  [[nodiscard]] std::string_view behind_answers_before(std::string_view head);
  [[nodiscard]] std::size_t send_now(std::string_view head, std::string_view body, int flags);
  [[nodiscard]] int last_flags() const noexcept;
  void end(std::size_t sent);
  [[nodiscard]] std::unique_ptr<Transport> take();
  void send_rest(OutgoingBody body);
  void leave(OutgoingBody body);

  wsgi_request& request_;
  bool keep_;
  std::string long_head_;
  std::optional<UnfinishedRequest> next_;
};

/// Throws what a write that has failed means: CancelledError where the fiber is cancelled, else
/// ClientDisconnected. Does nothing where it has not.
void require_written(bool written);

}  // namespace aiopyr::plugin

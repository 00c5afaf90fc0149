#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/clients/http/message/response.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::http {

struct StreamState;

/// An answer whose body is read piece by piece, at the reader's pace: at most about stream_buffer
/// bytes wait here, then the server is not read from. Loop thread only, one reader at a time.
///
/// close() and the destructor end the transfer where the body was not read to its end: an HTTP/1
/// connection is closed, of HTTP/2 only the stream. A read that waits then throws.
class Stream : public ResponseHead {
 public:
  Stream(HeadParts head, std::shared_ptr<StreamState> state) noexcept;
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  /// Returns what has come since the last read, decompressed, waiting for some; nullopt at the end.
  /// Throws what broke the transfer, after all that had come before. Destroying the task leaves the
  /// stream as it was: nothing is lost.
  [[nodiscard]] Task<std::optional<std::string>> read();
  /// Returns the rest of the body. Throws ResponseTooLargeError beyond `max_body` bytes.
  [[nodiscard]] Task<std::string> read_all(std::size_t max_body);

  void close() noexcept;

 private:
  std::shared_ptr<StreamState> state_;
};

}  // namespace aiopyr::http

#pragma once

#include <cstddef>
#include <string>

struct uwsgi_buffer;

namespace aiopyr::plugin {

/// A short response that is written down, and has not left yet: it is sent with those of other
/// connections (OutputBatch). Of a connection that is kept, on a socket without TLS.
class WrittenResponse {
 public:
  /// The longest one, with its head. What is longer has its own memory, and no time to lose.
  static constexpr std::size_t kMost = 4096;

  WrittenResponse() noexcept = default;
  ~WrittenResponse();
  WrittenResponse(const WrittenResponse&) = delete;
  WrittenResponse& operator=(const WrittenResponse&) = delete;

  /// Head and body, its own from here on. Requires: there is none.
  void set(uwsgi_buffer* bytes) noexcept { bytes_ = bytes; }
  [[nodiscard]] bool is_there() const noexcept { return bytes_ != nullptr; }

  enum class Outcome { kAll, kSome, kFailed };

  /// Sends what the client takes at once. There is none left afterwards but the rest().
  [[nodiscard]] Outcome send(int fd) noexcept;

  /// What is to be sent after kSome. Throws std::bad_alloc.
  [[nodiscard]] std::string rest() const;

 private:
  void drop() noexcept;

  uwsgi_buffer* bytes_ = nullptr;
  std::size_t sent_ = 0;
};

}  // namespace aiopyr::plugin

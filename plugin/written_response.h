#pragma once

#include <cstddef>
#include <string>
#include <string_view>

struct uwsgi_buffer;

namespace aiopyr::plugin {

/// Short responses that are written down, and have not left yet: one, or those to requests that a
/// client has sent without waiting for answers. They are sent with those of other connections
/// (OutputBatch). Of a connection that is kept, on a socket without TLS.
class WrittenResponse {
 public:
  /// The most bytes, heads included. What is longer has its own memory, and no time to lose.
  static constexpr std::size_t kMost = 4096;

  WrittenResponse() noexcept = default;
  ~WrittenResponse();
  WrittenResponse(const WrittenResponse&) = delete;
  WrittenResponse& operator=(const WrittenResponse&) = delete;

  [[nodiscard]] bool is_there() const noexcept { return bytes_ != nullptr; }
  /// Whether another one of so many bytes may be added.
  [[nodiscard]] bool has_room_for(std::size_t bytes) const noexcept;
  /// Head and body of another one, its own from here on. Requires: has_room_for() them.
  void add(uwsgi_buffer* bytes) noexcept;

  enum class Outcome { kAll, kSome, kFailed };

  /// Sends what the client takes at once. There is nothing left afterwards but after kSome.
  [[nodiscard]] Outcome send(int fd) noexcept;

  /// What has not left, to be sent by somebody else, and `more` behind it; empty where all has.
  /// Throws std::bad_alloc, with nothing done.
  [[nodiscard]] std::string take(std::string_view more = {});

 private:
  void drop() noexcept;

  uwsgi_buffer* bytes_ = nullptr;
  std::size_t sent_ = 0;  // of bytes_
};

}  // namespace aiopyr::plugin

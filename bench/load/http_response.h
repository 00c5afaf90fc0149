#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "options.h"

/// The client's side of HTTP/1.1, as far as a load needs it.
namespace load {

/// Returns the bytes of the request that the options describe.
[[nodiscard]] std::string request_bytes(const Options& options, bool keep_alive);

/// Checks a stream of responses, fed with the bytes as they come.
///
/// Most responses are equal to the first one, and only compared with it; others, which differ for
/// example in a date, are parsed.
class ResponseReader {
 public:
  explicit ResponseReader(const Options& options) noexcept
      : status_(options.status), length_(options.length) {}

  /// Takes whole responses from the front of `input`, or a part of a body; returns how many
  /// responses ended there. Throws LoadError for another status or length than expected.
  std::size_t feed(std::string_view& input);

  /// Called at the end of the stream. Returns whether that ends a response without a length.
  [[nodiscard]] bool end();

  /// Returns whether the rest of a response is missing, its head apart.
  [[nodiscard]] bool is_in_body() const noexcept { return in_body_; }
  /// Returns what the last head says.
  [[nodiscard]] bool is_kept_alive() const noexcept { return is_kept_alive_; }

 private:
  bool take_known(std::string_view& input);
  bool take_head(std::string_view& input);
  void check_length(long length);

  static constexpr long kUntilEnd = -1;

  int status_;
  long length_;
  std::string known_;  // a whole response, as long as it is short
  std::string head_;
  long body_ = 0;       // of the response's body, as its head says
  long body_left_ = 0;  // kUntilEnd: unknown
  long body_taken_ = 0;
  bool in_body_ = false;
  bool is_kept_alive_ = true;
};

}  // namespace load

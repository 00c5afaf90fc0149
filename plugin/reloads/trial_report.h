#pragma once

#include <array>
#include <climits>
#include <cstddef>
#include <string>
#include <string_view>

namespace aiopyr::plugin {

/// What is said of a program that was tried (trial.h): sent through a pipe in one piece, which the
/// kernel does not cut.
struct TrialReport {
  enum class End : unsigned char {
    kExited,      ///< `value` is its exit code
    kKilled,      ///< `value` is the signal
    kTimeIsOver,  ///< it was killed for that
    kNotStarted,  ///< `value` is the error (errno)
  };

  End end = End::kNotStarted;
  int value = 0;
  std::size_t size = 0;             ///< bytes of `output`
  std::array<char, 4000> output{};  ///< the last ones that it has written

  /// Appends to `output`, from whose beginning bytes are dropped where there is no place.
  void append(std::string_view bytes) noexcept;
};
static_assert(sizeof(TrialReport) <= PIPE_BUF);

/// Returns the line of a program's output that says why it has failed: the last one of ours,
/// without the `[aiopyr]` in front, else the last one. Empty where there is none.
[[nodiscard]] std::string_view last_words(std::string_view output) noexcept;

/// Returns why it has failed, on one line; empty where it has not.
[[nodiscard]] std::string reason_of(const TrialReport& report);

}  // namespace aiopyr::plugin

#pragma once

#include <array>
#include <climits>
#include <cstddef>
#include <string>
#include <string_view>

namespace aiopyr::plugin {

/// The report on a program that was tried (trial.h). It is sent through a pipe in one write, which
/// the kernel does not split.
struct TrialReport {
  enum class End : unsigned char {
    kExited,      ///< `value` is its exit code
    kKilled,      ///< `value` is the signal
    kTimeIsOver,  ///< it was killed at the limit
    kNotStarted,  ///< `value` is the error (errno)
  };

  End end = End::kNotStarted;
  int value = 0;
  std::size_t size = 0;             ///< bytes of `output`
  std::array<char, 4000> output{};  ///< the last bytes that it has written

  /// Appends to `output`, and drops bytes from its beginning if there is no room.
  void append(std::string_view bytes) noexcept;
};
static_assert(sizeof(TrialReport) <= PIPE_BUF);

/// Returns the line of a program's output that says why it failed: the last line of this plugin,
/// without its `[aiopyr]`, or the last line of all if there is none. Empty without any output.
[[nodiscard]] std::string_view last_words(std::string_view output) noexcept;

/// Returns the reason why the program failed, on one line; empty if it succeeded.
[[nodiscard]] std::string reason_of(const TrialReport& report);

}  // namespace aiopyr::plugin

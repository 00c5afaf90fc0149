#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace aiopyr {

/// The return addresses on a thread's stack, innermost first. Taking a backtrace allocates nothing
/// and reads no files; code_place() finds the names. Any thread, any stack.
class Backtrace {
 public:
  /// The most frames that are kept; deeper ones are left out.
  static constexpr std::size_t kMost = 24;

  Backtrace() = default;

  /// Takes the caller's backtrace without its `skip` innermost frames: 0 begins with the caller.
  static Backtrace here(std::size_t skip = 0) noexcept;

  [[nodiscard]] std::span<void* const> frames() const noexcept { return {frames_.data(), count_}; }

 private:
  std::array<void*, kMost> frames_{};
  std::size_t count_ = 0;
};

/// Describes an address in the program: the function and the file that contain it.
struct CodePlace {
  std::string function;       ///< as it is written in the source; empty where unknown
  std::string file;           ///< the program or shared object, without its folder
  std::uintptr_t offset = 0;  ///< of the address, from the beginning of that file's image
};

/// Returns the place of the call that belongs to a return address of a Backtrace. The first call
/// for an address may read the whole symbol table of a file, about a millisecond; the result is
/// cached. Any thread.
CodePlace code_place(const void* return_address);

/// Formats a place as `function in file+0x1a2b`; addr2line -e takes the last part.
std::string to_string(const CodePlace& place);

}  // namespace aiopyr

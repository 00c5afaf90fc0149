#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace aiopyr {

/// Where a thread is: the return addresses on its stack, innermost first. Taking one allocates
/// nothing and reads no files; names are for code_place(). Any thread, any stack.
class Backtrace {
 public:
  /// Deeper frames are left out.
  static constexpr std::size_t kMost = 24;

  Backtrace() = default;

  /// Takes the caller's backtrace without its `skip` innermost frames: 0 begins with the caller.
  static Backtrace here(std::size_t skip = 0) noexcept;

  [[nodiscard]] std::span<void* const> frames() const noexcept { return {frames_.data(), count_}; }

 private:
  std::array<void*, kMost> frames_{};
  std::size_t count_ = 0;
};

/// What is known of an address in the program.
struct CodePlace {
  std::string function;       ///< as it is written in the source; empty where unknown
  std::string file;           ///< the program or shared object, without its folder
  std::uintptr_t offset = 0;  ///< of the address, from the beginning of that file's image
};

/// Returns the place of the call that a return address of a Backtrace belongs to. The first time it
/// may read the whole symbol table of a file, a millisecond; then it is remembered. Any thread.
CodePlace code_place(const void* return_address);

/// Formats a place as `function in file+0x1a2b`; addr2line -e takes the last part.
std::string to_string(const CodePlace& place);

}  // namespace aiopyr

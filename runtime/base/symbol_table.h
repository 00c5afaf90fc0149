#pragma once

#include <cstdint>
#include <string>

namespace aiopyr {

/// Returns the mangled name of the function that begins `offset` bytes into the shared object or
/// program `file`, from its full symbol table: the dynamic linker knows exported functions only,
/// none that are static or in an unnamed namespace. Empty where there is none, or no table (a
/// stripped file).
///
/// Reads the file anew each time, so it is for start-up and messages. Any thread.
std::string find_function_symbol(const std::string& file, std::uintptr_t offset);

/// Returns the same for the function that contains the byte at `offset`.
std::string find_enclosing_symbol(const std::string& file, std::uintptr_t offset);

}  // namespace aiopyr

#pragma once

#include <cstdint>
#include <string>

namespace aiopyr {

/// Returns the mangled name of the function that begins `offset` bytes into the shared object or
/// program `file`. It uses the file's full symbol table, since the dynamic linker knows only
/// exported functions, not those that are static or in an unnamed namespace. Returns an empty
/// string if there is no such function, or no table (a stripped file).
///
/// Reads the file anew each time, so it is for start-up and messages. Any thread.
std::string find_function_symbol(const std::string& file, std::uintptr_t offset);

/// Returns the same for the function that contains the byte at `offset`.
std::string find_enclosing_symbol(const std::string& file, std::uintptr_t offset);

}  // namespace aiopyr

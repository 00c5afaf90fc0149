#pragma once

#include <string>

namespace aiopyr {

/// Returns a demangled name as its author would write it, for logs and tables: without unnamed
/// namespaces and ABI tags, with std::string and other everyday types by their short names.
///
/// `handle((anonymous namespace)::Row, std::__cxx11::basic_string<char, ...>)` becomes
/// `handle(Row, std::string)`. Pure text: any thread.
std::string readable_name(std::string name);

}  // namespace aiopyr

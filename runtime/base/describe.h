#pragma once

#include <exception>
#include <string>
#include <typeinfo>

namespace aiopyr {

/// Describes an exception as `type: message`, or by its type alone if it has no message. Made for
/// logs, never for a client.
std::string describe(const std::exception_ptr& error);

/// Returns a mangled symbol as it is written in the source, and any other text unchanged.
std::string demangle(const char* symbol);

/// Returns a type's name as it is written in the source.
std::string type_name(const std::type_info& type);

}  // namespace aiopyr

#pragma once

#include <exception>
#include <string>
#include <typeinfo>

namespace aiopyr {

/// `type: message` of an exception, or its type alone where it has no message: for logs, never for
/// a client.
std::string describe(const std::exception_ptr& error);

/// A mangled symbol as it is written in the source; what is not one comes back as it is.
std::string demangle(const char* symbol);

/// A type's name as it is written in the source.
std::string type_name(const std::type_info& type);

}  // namespace aiopyr

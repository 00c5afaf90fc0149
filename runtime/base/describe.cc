#include <cstdlib>
#include <cxxabi.h>
#include <memory>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/readable_name.h>

namespace aiopyr {

std::string demangle(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
  return status == 0 ? readable_name(name.get()) : std::string(symbol);
}

std::string type_name(const std::type_info& type) { return demangle(type.name()); }

std::string describe(const std::exception_ptr& error) {
  if (!error) return "no exception";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return type_name(typeid(e)) + ": " + e.what();
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type != nullptr ? type_name(*type) : std::string("an exception of unknown type");
  }
}

}  // namespace aiopyr

#include <dlfcn.h>

#include <aiopyr/runtime/base/callable_name.h>

namespace aiopyr {

std::string function_name_at(const void* address) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0 || info.dli_sname == nullptr || info.dli_saddr != address) {
    return {};
  }
  return demangle(info.dli_sname);
}

}  // namespace aiopyr

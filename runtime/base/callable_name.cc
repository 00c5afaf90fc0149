#include <cstdint>
#include <dlfcn.h>

#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/base/symbol_table.h>

namespace aiopyr {

std::string function_name_at(const void* address) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0) return {};
  if (info.dli_sname != nullptr && info.dli_saddr == address) return demangle(info.dli_sname);
  const std::uintptr_t offset =
      reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  const std::string symbol = find_function_symbol(info.dli_fname, offset);
  return symbol.empty() ? std::string() : demangle(symbol.c_str());
}

}  // namespace aiopyr

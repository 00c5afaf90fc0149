#include <utility>

#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/runtime/base/describe.h>

namespace aiopyr::postgres {

namespace {

/// Returns the type's name without allocators, which nobody writes.
std::string name_of(const std::type_info& type) {
  constexpr std::string_view kAllocator = ", std::allocator<";
  std::string name = aiopyr::type_name(type);
  for (std::size_t at = name.find(kAllocator); at != std::string::npos;
       at = name.find(kAllocator)) {
    std::size_t end = at + kAllocator.size();
    for (int depth = 1; depth > 0 && end < name.size(); ++end) {
      if (name[end] == '<') ++depth;
      if (name[end] == '>') --depth;
    }
    name.erase(at, end - at);
  }
  return name;
}

std::string mismatch(const std::string& where, const std::string& postgres_type,
                     const std::string& cpp_type, std::string_view reason) {
  const bool is_parameter = where.starts_with('$');
  std::string text = is_parameter ? "parameter " + where : "column '" + where + "'";
  if (!postgres_type.empty()) text += " (" + postgres_type + ")";
  text += (is_parameter ? " cannot be sent from " : " cannot be read as ") + cpp_type;
  if (!reason.empty()) text.append(": ").append(reason);
  return text;
}

}  // namespace

TypeError::TypeError(std::string where, std::string postgres_type, const std::type_info& cpp_type,
                     std::string_view reason)
    : PostgresError(mismatch(where, postgres_type, name_of(cpp_type), reason)),
      where_(std::move(where)),
      postgres_type_(std::move(postgres_type)),
      cpp_type_(name_of(cpp_type)) {}

}  // namespace aiopyr::postgres

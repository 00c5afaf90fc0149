#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/context/context_type.h>

namespace aiopyr {

std::string ContextType::name() const {
  return type_ == nullptr ? std::string() : type_name(*type_);
}

}  // namespace aiopyr

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/routing/predicates.h>
#include <aiopyr/runtime/web/views/view_arguments.h>

namespace aiopyr::detail {

void throw_context_mismatch(const std::type_info& expected, const Resource& context) {
  throw PredicateMismatch("The view is for a context of the class " + type_name(expected) +
                          ", and this is a " + type_name(typeid(context)) + ".");
}

}  // namespace aiopyr::detail

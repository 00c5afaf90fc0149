#pragma once

#include <typeinfo>
#include <vector>

namespace aiopyr::detail {

/// Returns a class and all its public bases, each class before its own bases, and the bases in the
/// order of their declaration, as Python's __mro__. A type that is not a class has only itself.
///
/// Finds the views for a context of which only the object is known. The bases are read from the
/// run-time type information (Itanium C++ ABI, section 2.9.5), so no class of a hosted app needs to
/// be registered. Any thread; the result is kept for ever.
[[nodiscard]] const std::vector<const std::type_info*>& class_lineage(const std::type_info& type);

}  // namespace aiopyr::detail

#pragma once

#include <typeinfo>
#include <vector>

namespace aiopyr::detail {

/// A class and all its public bases, each before its own bases and the bases in the order in which
/// they are declared, as Python's __mro__. What is no class has only itself.
///
/// This is how a context, of which only the object is known, finds the views of its classes. It is
/// read from the run-time type information (Itanium C++ ABI, section 2.9.5), so it works for
/// classes of a hosted app that nothing was told about. Any thread; the result is kept for good.
[[nodiscard]] const std::vector<const std::type_info*>& class_lineage(const std::type_info& type);

}  // namespace aiopyr::detail

#include <algorithm>
#include <cxxabi.h>
#include <memory>
#include <shared_mutex>
#include <typeindex>
#include <unordered_map>

#include <aiopyr/runtime/web/context/class_lineage.h>

namespace aiopyr::detail {

namespace {

using Lineage = std::vector<const std::type_info*>;

void append_with_bases(const std::type_info& type, Lineage& order) {
  order.push_back(&type);
  if (const auto* one = dynamic_cast<const abi::__si_class_type_info*>(&type)) {
    append_with_bases(*one->__base_type, order);
  } else if (const auto* many = dynamic_cast<const abi::__vmi_class_type_info*>(&type)) {
    for (unsigned i = 0; i < many->__base_count; ++i) {
      const abi::__base_class_type_info& base = many->__base_info[i];
      if (base.__is_public_p()) append_with_bases(*base.__base_type, order);
    }
  }
}

/// Returns the bases of a class. A base that is reached several times is kept only at its last
/// place, behind every class that is derived from it.
Lineage make_lineage(const std::type_info& type) {
  Lineage order;
  append_with_bases(type, order);
  Lineage lineage;
  for (auto mention = order.begin(); mention != order.end(); ++mention) {
    const bool comes_again = std::any_of(mention + 1, order.end(),
                                         [&](const auto* later) { return *later == **mention; });
    if (!comes_again) lineage.push_back(*mention);
  }
  return lineage;
}

}  // namespace

const std::vector<const std::type_info*>& class_lineage(const std::type_info& type) {
  static std::shared_mutex mutex;
  static std::unordered_map<std::type_index, std::unique_ptr<const Lineage>> known;
  {
    const std::shared_lock lock(mutex);
    if (const auto found = known.find(type); found != known.end()) return *found->second;
  }
  auto lineage = std::make_unique<const Lineage>(make_lineage(type));
  const std::lock_guard lock(mutex);
  return *known.try_emplace(type, std::move(lineage)).first->second;
}

}  // namespace aiopyr::detail

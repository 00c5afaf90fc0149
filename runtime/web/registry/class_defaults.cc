#include <aiopyr/runtime/web/registry/class_defaults.h>

namespace aiopyr {

std::vector<const ClassDefaults::Kind*>& ClassDefaults::Kind::all() {
  static std::vector<const Kind*> kinds;
  return kinds;
}

ClassDefaults::Scope::Scope(ClassDefaults& app) : app_(app) {
  for (const Kind* kind : Kind::all()) before_.emplace_back(kind, kind->read());
}

ClassDefaults::Scope::~Scope() {
  for (const auto& [kind, before] : before_) {
    if (kind->is_equal(before)) continue;
    app_.values_[kind] = kind->read();
    kind->write(before);
  }
}

}  // namespace aiopyr

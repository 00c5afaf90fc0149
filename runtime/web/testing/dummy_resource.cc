#include <utility>

#include <aiopyr/runtime/web/testing/dummy_resource.h>

namespace aiopyr::testing {

std::shared_ptr<DummyResource> DummyResource::add(std::string name) {
  auto child = std::make_shared<DummyResource>();
  set(name, child);
  return child;
}

void DummyResource::set(const std::string& name, std::shared_ptr<Resource> child) {
  child->set_location(name, *this);
  children_.insert_or_assign(name, std::move(child));
}

bool DummyResource::erase(std::string_view name) {
  const auto child = children_.find(name);
  if (child == children_.end()) return false;
  children_.erase(child);
  return true;
}

std::shared_ptr<Resource> DummyResource::getitem(std::string_view key) {
  const auto child = children_.find(key);
  return child == children_.end() ? nullptr : child->second;
}

}  // namespace aiopyr::testing

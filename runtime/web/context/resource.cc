#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/context/resource.h>

namespace aiopyr {

namespace {

/// Returns whether a weak_ptr never referred to anything, as for an object that no shared_ptr owns.
bool is_unowned(const std::weak_ptr<Resource>& resource) noexcept {
  const std::weak_ptr<Resource> none;
  return !resource.owner_before(none) && !none.owner_before(resource);
}

}  // namespace

Resource::Resource(std::string name, Resource& parent)
    : name_(std::move(name)), parent_(parent.weak_from_this()), has_parent_(true) {}

std::shared_ptr<Resource> Resource::parent() const {
  if (!has_parent_) return nullptr;
  if (auto parent = parent_.lock()) return parent;
  if (is_unowned(parent_)) {
    throw Error("the resource '" + name_ +
                "' was given a parent that no shared_ptr owned: make the parent with "
                "std::make_shared, and its children after its constructor has ended");
  }
  throw Error("the parent of the resource '" + name_ +
              "' has been destroyed: keep a resource's ancestors for as long as the resource");
}

void Resource::set_location(std::string name, Resource& parent) {
  const Resource* ancestor = &parent;
  std::shared_ptr<Resource> kept;
  while (ancestor != nullptr) {
    if (ancestor == this) {
      throw Error("the resource '" + name + "' cannot have a parent that lies inside of it");
    }
    kept = ancestor->parent();
    ancestor = kept.get();
  }
  name_ = std::move(name);
  parent_ = parent.weak_from_this();
  has_parent_ = true;
}

std::shared_ptr<Resource> Resource::getitem(std::string_view) { return nullptr; }

std::optional<std::string> Resource::resource_url(Request&, const ResourceUrlInfo&) {
  return std::nullopt;
}

}  // namespace aiopyr

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/web/context/acl.h>

namespace aiopyr {

class Request;

/// What a resource may make its own URL of: the keys of the dictionary that Pyramid gives to
/// `__resource_url__`.
struct ResourceUrlInfo {
  std::string physical_path;  ///< quoted, from the root, with a `/` at the end
  std::string virtual_path;   ///< the same below the virtual root
  std::string app_url;        ///< what comes before it
};

/// The base of what Pyramid calls a context: an object of the app that a URL leads to, named in its
/// parent (pyramid.interfaces.ILocation). The root has no parent and an empty name.
///
/// Resources are owned by shared_ptrs, made with std::make_shared: a parent by whoever made it, its
/// children by the parent or by nobody else. A child refers to its parent weakly, so that a tree
/// that keeps its children is no cycle; a request keeps the whole lineage of its context alive.
/// They are used on whatever context the view that gets them runs on. Locations are set before
/// others can see the resource, and are read-only and so shared by threads from then on.
class Resource : public std::enable_shared_from_this<Resource> {
 public:
  explicit Resource(std::string name = {}) : name_(std::move(name)) {}
  Resource(std::string name, Resource& parent);
  virtual ~Resource() = default;

  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// `__name__`
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// `__parent__`, or null for a root. Throws Error, which names the resource, where it has a
  /// parent and cannot give it: it was destroyed, or no shared_ptr ever owned it. An ACL is looked
  /// for on the way to the root, and must not be missed because the way ends too early.
  [[nodiscard]] std::shared_ptr<Resource> parent() const;
  [[nodiscard]] bool has_parent() const noexcept { return has_parent_; }
  /// Throws Error where `parent` lies inside of this resource: the way to the root would not end.
  void set_location(std::string name, Resource& parent);

  /// `__getitem__`: the child of that name, decoded. Null is Python's KeyError; a class that does
  /// not override it has no children, as a Python class without the method. A child that comes
  /// without a parent is given this one, and the key as its name, by the traverser (Pyramid leaves
  /// that to the app).
  ///
  /// Called on the request's fiber, so it may wait by calling what synchronize() made.
  [[nodiscard]] virtual std::shared_ptr<Resource> getitem(std::string_view key);

  /// `__resource_url__`: what resource_url() gives for this resource, without elements, query and
  /// anchor; nothing for the usual URL.
  [[nodiscard]] virtual std::optional<std::string> resource_url(Request& request,
                                                                const ResourceUrlInfo& info);

  /// `__acl__`: who may do what here, or none where only the parents say. What set_acl() was given,
  /// unless a class overrides it. Asked on a fiber, so it may call synchronized functions.
  [[nodiscard]] virtual std::optional<Acl> acl() { return acl_(*this); }
  /// To be called before the resource is shared by requests.
  void set_acl(AclSource source) { acl_ = std::move(source); }

 private:
  std::string name_;
  std::weak_ptr<Resource> parent_;
  bool has_parent_ = false;
  AclSource acl_;
};

}  // namespace aiopyr

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/web/context/acl.h>

namespace aiopyr {

class Request;

/// The arguments from which a resource may make its own URL: the keys of the dictionary that
/// Pyramid passes to `__resource_url__`.
struct ResourceUrlInfo {
  std::string physical_path;  ///< quoted, from the root, with a `/` at the end
  std::string virtual_path;   ///< the same below the virtual root
  std::string app_url;        ///< the part before the path
};

/// The base of what Pyramid calls a context: an object of the app that a URL leads to, named in its
/// parent (pyramid.interfaces.ILocation). The root has no parent and an empty name.
///
/// Resources are owned by shared_ptrs, made with std::make_shared. The code that makes a parent
/// owns it; a child is owned by its parent or only by its users. A child refers to its parent
/// weakly, so that a tree whose parents own their children has no cycle; a request keeps the whole
/// lineage of its context alive. Resources are used in whatever context the view runs. Locations
/// are set before the resource is shared, and are read-only, and so shared by threads, from then
/// on.
class Resource : public std::enable_shared_from_this<Resource> {
 public:
  explicit Resource(std::string name = {}) : name_(std::move(name)) {}
  Resource(std::string name, Resource& parent);
  virtual ~Resource() = default;

  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// Returns `__name__`.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Returns `__parent__`, or null for a root. Throws Error, which names the resource, if it has a
  /// parent that is not available: it was destroyed, or no shared_ptr ever owned it. ACLs are
  /// looked up along the way to the root, and must not be missed because that way ends too early.
  [[nodiscard]] std::shared_ptr<Resource> parent() const;
  [[nodiscard]] bool has_parent() const noexcept { return has_parent_; }
  /// Sets name and parent. Throws Error if `parent` lies within this resource, which would be a
  /// cycle.
  void set_location(std::string name, Resource& parent);

  /// Returns the child of that name, decoded: `__getitem__`. Null is Python's KeyError. The default
  /// has no children, as a Python class without the method. The traverser gives a child without a
  /// parent this one, and the key as its name (Pyramid leaves that to the app).
  ///
  /// Called on the request's fiber, so it may wait by calling what synchronize() returned.
  [[nodiscard]] virtual std::shared_ptr<Resource> getitem(std::string_view key);

  /// Returns `__resource_url__`: the result of resource_url() for this resource, without elements,
  /// query and anchor; nullopt for the default URL.
  [[nodiscard]] virtual std::optional<std::string> resource_url(Request& request,
                                                                const ResourceUrlInfo& info);

  /// Returns `__acl__`: who may do what here; nullopt if only the parents decide. The default
  /// returns the ACL of set_acl(). Called on a fiber, so it may call synchronized functions.
  [[nodiscard]] virtual std::optional<Acl> acl() { return acl_(*this); }
  /// Sets the ACL. Call it before the resource is shared by requests.
  void set_acl(AclSource source) { acl_ = std::move(source); }

 private:
  std::string name_;
  std::weak_ptr<Resource> parent_;
  bool has_parent_ = false;
  AclSource acl_;
};

}  // namespace aiopyr

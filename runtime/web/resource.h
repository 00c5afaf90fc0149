#pragma once

#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/acl.h>

namespace aiopyr {

/// The base of what Pyramid calls a context: an object of the app that a URL leads to, named in its
/// parent (pyramid.interfaces.ILocation). The root has no parent and an empty name.
///
/// Resources belong to the app; a request only points to them. They are used on whatever context
/// the view that gets them runs on.
class Resource {
 public:
  explicit Resource(std::string name = {}, Resource* parent = nullptr)
      : name_(std::move(name)), parent_(parent) {}
  virtual ~Resource() = default;

  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// `__name__`
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// `__parent__`, or null for the root.
  [[nodiscard]] Resource* parent() const noexcept { return parent_; }

  /// `__acl__`: who may do what here, or none where only the parents say. What set_acl() was given,
  /// unless a class overrides it. Asked on a fiber, so it may call synchronized functions.
  [[nodiscard]] virtual std::optional<Acl> acl() { return acl_(*this); }
  /// To be called before the resource is shared by requests.
  void set_acl(AclSource source) { acl_ = std::move(source); }

 private:
  std::string name_;
  Resource* parent_;
  AclSource acl_;
};

}  // namespace aiopyr

#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr::testing {

/// A resource with children and with any values of a test (pyramid.testing.DummyResource). Make it
/// with std::make_shared, as any resource with children:
///
///     auto root = std::make_shared<DummyResource>();
///     root->add("people")->add("george")->attributes["age"] = 7;
class DummyResource : public Resource {
 public:
  explicit DummyResource(std::string name = {}) : Resource(std::move(name)) {}

  /// Makes a child and returns it.
  std::shared_ptr<DummyResource> add(std::string name);
  /// Adds a child, which gets this name and this parent (`__setitem__`).
  void set(const std::string& name, std::shared_ptr<Resource> child);
  /// Removes a child; returns whether there was one.
  bool erase(std::string_view name);

  [[nodiscard]] std::shared_ptr<Resource> getitem(std::string_view key) override;
  [[nodiscard]] bool contains(std::string_view name) const {
    return children_.find(name) != children_.end();
  }
  [[nodiscard]] std::size_t size() const noexcept { return children_.size(); }

  /// Pyramid's keyword arguments: an object.
  Json attributes = Json::object();

 private:
  std::map<std::string, std::shared_ptr<Resource>, std::less<>> children_;
};

}  // namespace aiopyr::testing

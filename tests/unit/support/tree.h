#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/context/resource.h>

namespace aiopyr {

/// A resource that keeps its children, and records the names that it was asked for.
struct Node : Resource {
  using Resource::Resource;

  std::shared_ptr<Resource> getitem(std::string_view key) override {
    asked.emplace_back(key);
    const auto child = children.find(key);
    return child == children.end() ? nullptr : child->second;
  }

  /// Adds a child and returns it.
  Node& add(const std::string& key) {
    auto child = std::make_shared<Node>(key, *this);
    children[key] = child;
    return *child;
  }

  std::map<std::string, std::shared_ptr<Node>, std::less<>> children;
  std::vector<std::string> asked;
};

}  // namespace aiopyr

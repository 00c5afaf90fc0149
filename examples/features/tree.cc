// Traversal: the path below /tree leads through a tree of resources, each of which waits before it
// finds a child.
#include <any>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "features.h"

namespace features {

using namespace aiopyr;
using namespace std::chrono_literals;

namespace trees {

// Performs asynchronous I/O: while it waits, the loop serves others.
class Animal : public Resource {
 public:
  using Resource::Resource;

  std::shared_ptr<Resource> getitem(std::string_view key) override {
    static const auto look_up = synchronize(&Animal::look_up);
    return look_up(this, std::string(key));
  }

  Animal& add(const std::string& name) {
    auto child = std::make_shared<Animal>(name, *this);
    children_[name] = child;
    return *child;
  }

 private:
  Task<std::shared_ptr<Resource>> look_up(std::string key) {
    co_await sleep(50ms);
    const auto child = children_.find(key);
    co_return child == children_.end() ? nullptr : child->second;
  }

  std::map<std::string, std::shared_ptr<Animal>> children_;
};

// Returns the tree, which is made once and shared by all requests.
std::shared_ptr<Resource> make_root(Request&) {
  static const auto root = [] {
    auto made = std::make_shared<Animal>();
    made->add("cat").add("dog");
    return made;
  }();
  return root;
}

constexpr const char* kViewName = "features.view_name";

// Runs Pyramid's algorithm with one change: whatever view name it ends with, the view without a
// name shows the result.
Traversal traverse_to_one_view(const std::shared_ptr<Resource>& root, Request& request) {
  Traversal found = resource_tree_traverser(root, request);
  request.attributes()[kViewName] = std::exchange(found.view_name, "");
  return found;
}

Json show(Resource& context, Request& request) {
  return Json{{"context", resource_path(context)},
              {"view_name", std::any_cast<std::string>(request.attributes()[kViewName])},
              {"subpath", request.subpath()},
              {"traversed", request.traversed()}};
}

}  // namespace trees

using namespace trees;

void include_tree(Configurator& config) {
  config.add_route("tree", "/tree/*traverse", {.factory = make_root});
  config.add_traverser<Animal>(traverse_to_one_view);
  config.add_view(show, {.route_name = "tree", .renderer = "json", .mapper = FiberMapper{}});
}

}  // namespace features

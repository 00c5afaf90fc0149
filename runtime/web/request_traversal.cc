#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr {

void Request::set_traversal(Traversal traversal) {
  if (!traversal.root || !traversal.context) {
    throw Error("a traverser gave no " + std::string(traversal.root ? "context" : "root"));
  }
  root_ = traversal.root.get();
  context_ = traversal.context.get();
  virtual_root_ = traversal.virtual_root ? traversal.virtual_root.get() : root_;
  kept_ = lineage(*traversal.context);
  kept_.push_back(std::move(traversal.context));
  kept_.push_back(std::move(traversal.root));
  if (traversal.virtual_root) kept_.push_back(std::move(traversal.virtual_root));
  view_name_ = std::move(traversal.view_name);
  subpath_ = std::move(traversal.subpath);
  traversed_ = std::move(traversal.traversed);
  virtual_root_path_ = std::move(traversal.virtual_root_path);
}

}  // namespace aiopyr

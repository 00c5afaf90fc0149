#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request/request_findings.h>
#include <aiopyr/runtime/web/traversal/traversal.h>

namespace aiopyr {
namespace {

bool is_same(const std::shared_ptr<Resource>& a, const std::shared_ptr<Resource>& b) noexcept {
  return a == b && !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

void RequestFindings::set_traversal(Traversal traversal) {
  if (!traversal.root || !traversal.context) {
    throw Error("a traverser gave no " + std::string(traversal.root ? "context" : "root"));
  }
  root_ = traversal.root.get();
  context_ = traversal.context.get();
  virtual_root_ = traversal.virtual_root ? traversal.virtual_root.get() : root_;
  kept_root_.reset();
  kept_.clear();
  if (traversal.context->has_parent()) kept_ = lineage(*traversal.context);
  const auto keep = [this](std::shared_ptr<Resource> resource) {
    if (kept_.empty() || !is_same(kept_.back(), resource)) kept_.push_back(std::move(resource));
  };
  keep(std::move(traversal.context));
  keep(std::move(traversal.root));
  if (traversal.virtual_root) keep(std::move(traversal.virtual_root));
  view_name_ = std::move(traversal.view_name);
  subpath_ = std::move(traversal.subpath);
  traversed_ = std::move(traversal.traversed);
  virtual_root_path_ = std::move(traversal.virtual_root_path);
}

void RequestFindings::set_context_to_root(std::shared_ptr<Resource> root) {
  root_ = context_ = virtual_root_ = root.get();
  kept_.clear();
  if (root->has_parent()) kept_ = lineage(*root);
  kept_root_ = std::move(root);
  view_name_.clear();
  subpath_.clear();
  traversed_.clear();
  virtual_root_path_.clear();
}

std::vector<std::shared_ptr<Resource>> RequestFindings::kept_resources() const {
  std::vector<std::shared_ptr<Resource>> kept = kept_;
  if (kept_root_) kept.push_back(kept_root_);
  return kept;
}

}  // namespace aiopyr

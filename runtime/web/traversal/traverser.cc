#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/traversal/traverser.h>
#include <aiopyr/runtime/web/traversal/virtual_root_path.h>
#include <aiopyr/runtime/web/url/path_segments.h>

namespace aiopyr {

namespace {

using Segments = std::vector<std::string>;
using Walked = std::vector<std::shared_ptr<Resource>>;

constexpr std::string_view kViewSelector = "@@";

/// Gives `child` its name and parent unless it has them. A resource that was visited already, such
/// as one that returns itself, must not get a parent below itself.
void give_location(const std::shared_ptr<Resource>& child, const std::string& key,
                   const Walked& walked) {
  if (child->has_parent()) return;
  if (std::find(walked.begin(), walked.end(), child) != walked.end()) return;
  child->set_location(child->name().empty() ? key : child->name(), *walked.back());
}

Segments segments_of(const MatchDict& matchdict, std::string_view name) {
  return matchdict.contains(name) ? split_path_info(matchdict[name]) : Segments();
}

}  // namespace

const Traverser* TraverserTable::find(const Resource& root) const noexcept {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                  [&root](const Entry& entry) { return entry.serves(root); });
  return found == entries_.rend() ? nullptr : &found->traverser;
}

Traversal resource_tree_traverser(const std::shared_ptr<Resource>& root, Request& request) {
  Segments virtual_root = detail::virtual_root_path(request);
  Segments below;
  Segments subpath;
  if (request.matched_route().empty()) {
    below = split_path_info(request.path_info());
  } else {
    below = segments_of(request.matchdict(), "traverse");
    subpath = segments_of(request.matchdict(), "subpath");
  }
  if (!virtual_root.empty()) below.insert(below.begin(), virtual_root.begin(), virtual_root.end());
  Traversal result = detail::walk(root, below, virtual_root.size(), std::move(subpath));
  result.virtual_root_path = std::move(virtual_root);
  return result;
}

namespace detail {

Traversal walk(std::shared_ptr<Resource> root, const Segments& path, std::size_t virtual_depth,
               Segments subpath) {
  Traversal result;
  result.root = root;
  result.virtual_root = root;
  result.subpath = std::move(subpath);
  if (path.empty()) {
    result.context = std::move(root);
    return result;
  }
  auto walked = std::make_shared<Walked>();
  walked->push_back(std::move(root));
  for (const std::string& segment : path) {
    const bool is_view = segment.starts_with(kViewSelector);
    auto next = is_view ? nullptr : walked->back()->getitem(segment);
    if (!next) {
      const std::size_t passed = walked->size();
      result.view_name = is_view ? segment.substr(kViewSelector.size()) : segment;
      result.subpath.assign(path.begin() + static_cast<std::ptrdiff_t>(passed), path.end());
      break;
    }
    give_location(next, segment, *walked);
    walked->push_back(std::move(next));
    result.traversed.push_back(segment);
    if (result.traversed.size() == virtual_depth) result.virtual_root = walked->back();
  }
  Resource* context = walked->back().get();
  result.context = std::shared_ptr<Resource>(std::move(walked), context);
  return result;
}

}  // namespace detail

}  // namespace aiopyr

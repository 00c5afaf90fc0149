#include <aiopyr/runtime/web/routing/route_index.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>

namespace aiopyr::detail {

namespace {

/// Removes the first segment from `path`, which begins with a `/`, and returns it. The last segment
/// is complete only if `last_is_whole`: nothing can follow it. Returns nullopt if no complete
/// segment is left.
std::optional<std::string_view> take_segment(std::string_view& path, bool last_is_whole) noexcept {
  if (!path.starts_with('/')) return std::nullopt;
  const auto end = path.find('/', 1);
  if (end == std::string_view::npos && !last_is_whole) return std::nullopt;
  const std::string_view rest =
      end == std::string_view::npos ? std::string_view() : path.substr(end);
  const std::string_view segment = path.substr(1, path.size() - rest.size() - 1);
  path = rest;
  return segment;
}

}  // namespace

RouteIndex::RouteIndex() : root_(std::make_unique<Node>()) {}

void RouteIndex::add(std::size_t route, const RoutePattern& pattern) {
  std::string_view prefix = pattern.static_prefix();
  const bool is_all = pattern.names().empty();
  Node* node = root_.get();
  for (std::size_t depth = 0; depth < kMaxDepth; ++depth) {
    const auto segment = take_segment(prefix, is_all);
    if (!segment) break;
    auto& child = node->children[std::string(*segment)];
    if (!child) child = std::make_unique<Node>();
    node = child.get();
  }
  node->routes.push_back(route);
}

RouteIndex::Candidates::Candidates(const RouteIndex& index, std::string_view path) {
  const Node* node = index.root_.get();
  add(*node);
  while (const auto segment = take_segment(path, true)) {
    const auto child = node->children.find(*segment);
    if (child == node->children.end()) return;
    node = child->second.get();
    add(*node);
  }
}

void RouteIndex::Candidates::add(const Node& node) noexcept {
  if (node.routes.empty()) return;
  ranges_[count_++] = {node.routes.data(), node.routes.data() + node.routes.size()};
}

std::optional<std::size_t> RouteIndex::Candidates::next() {
  Range* first = nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    Range& range = ranges_[i];
    if (range.begin == range.end) continue;
    if (first == nullptr || *range.begin < *first->begin) first = &range;
  }
  if (first == nullptr) return std::nullopt;
  return *first->begin++;
}

}  // namespace aiopyr::detail

#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/context/traversal_result.h>
#include <aiopyr/runtime/web/url/matchdict.h>

namespace aiopyr {

struct Route;

/// What the router has found out about a request: its route, what a traversal found, the exception
/// that is being dealt with. A part of Request, on whose fiber it is used; the setters are for the
/// framework and for tests.
class RequestFindings {
 public:
  [[nodiscard]] const MatchDict& matchdict() const noexcept { return matchdict_; }
  [[nodiscard]] MatchDict& matchdict() noexcept { return matchdict_; }
  /// The matched route's name; empty where none did.
  [[nodiscard]] const std::string& matched_route() const noexcept;
  /// The matched route, or null.
  [[nodiscard]] const Route* route() const noexcept { return route_; }
  void set_route(const Route* route) noexcept { route_ = route; }
  /// Notes what a traverser found, and keeps it and the whole lineage of the context, so that
  /// parents can be asked for, as long as the request. Throws Error where one of them is gone.
  void set_traversal(Traversal traversal);
  /// The same where there was no path to follow. Not null.
  void set_context_to_root(std::shared_ptr<Resource> root);
  /// What the two keep, for what lives longer than the request.
  [[nodiscard]] std::vector<std::shared_ptr<Resource>> kept_resources() const;
  [[nodiscard]] Resource* root() const noexcept { return root_; }
  void set_root(Resource* root) noexcept { root_ = root; }
  /// Not owned: whoever made the resource keeps it for the life of the request.
  [[nodiscard]] Resource* context() const noexcept { return context_; }
  void set_context(Resource* context) noexcept { context_ = context; }
  [[nodiscard]] const std::string& view_name() const noexcept { return view_name_; }
  void set_view_name(std::string name) { view_name_ = std::move(name); }
  [[nodiscard]] const std::vector<std::string>& subpath() const noexcept { return subpath_; }
  void set_subpath(std::vector<std::string> subpath) { subpath_ = std::move(subpath); }
  /// The names that led from the root to the context.
  [[nodiscard]] const std::vector<std::string>& traversed() const noexcept { return traversed_; }
  /// The object that X-Vhm-Root names, where a front server sends it; else the root.
  [[nodiscard]] Resource* virtual_root() const noexcept { return virtual_root_; }
  [[nodiscard]] const std::vector<std::string>& virtual_root_path() const noexcept {
    return virtual_root_path_;
  }
  /// The exception that an exception view handles.
  [[nodiscard]] const std::exception_ptr& exception() const noexcept { return exception_; }
  void set_exception(std::exception_ptr exception) noexcept { exception_ = std::move(exception); }
  /// Whether the answer of the view that was called last was rendered, and so began as the
  /// request's response().
  [[nodiscard]] bool is_rendered() const noexcept { return is_rendered_; }
  void set_rendered(bool is_rendered) noexcept { is_rendered_ = is_rendered; }

 protected:
  RequestFindings() = default;
  ~RequestFindings() = default;
  RequestFindings(const RequestFindings&) = delete;
  RequestFindings& operator=(const RequestFindings&) = delete;

 private:
  MatchDict matchdict_;
  const Route* route_ = nullptr;
  Resource* root_ = nullptr;
  Resource* context_ = nullptr;
  std::string view_name_;
  std::vector<std::string> subpath_;
  std::vector<std::string> traversed_;
  Resource* virtual_root_ = nullptr;
  std::vector<std::string> virtual_root_path_;
  std::shared_ptr<Resource> kept_root_;  // where there was no path to follow, the only one
  std::vector<std::shared_ptr<Resource>> kept_;
  std::exception_ptr exception_;
  bool is_rendered_ = false;
};

}  // namespace aiopyr

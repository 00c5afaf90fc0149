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

/// The router's findings about a request: its route, the result of traversal, the exception that is
/// being handled. A part of Request, used on its fiber; the setters are for the framework and for
/// tests.
class RequestFindings {
 public:
  [[nodiscard]] const MatchDict& matchdict() const noexcept { return matchdict_; }
  [[nodiscard]] MatchDict& matchdict() noexcept { return matchdict_; }
  /// Returns the matched route's name; empty if none matched.
  [[nodiscard]] const std::string& matched_route() const noexcept;
  /// Returns the matched route, or null.
  [[nodiscard]] const Route* route() const noexcept { return route_; }
  void set_route(const Route* route) noexcept { route_ = route; }
  /// Stores a traverser's result, and keeps it and the whole lineage of the context, whose parents
  /// may be asked for, as long as the request. Throws Error if one of them is gone.
  void set_traversal(Traversal traversal);
  /// Does the same with the root, where there was no path to follow. Not null.
  void set_context_to_root(std::shared_ptr<Resource> root);
  /// Returns the resources that both keep, for objects that outlive the request.
  [[nodiscard]] std::vector<std::shared_ptr<Resource>> kept_resources() const;
  [[nodiscard]] Resource* root() const noexcept { return root_; }
  void set_root(Resource* root) noexcept { root_ = root; }
  /// Returns the context. Not owned: its owner keeps it for the life of the request.
  [[nodiscard]] Resource* context() const noexcept { return context_; }
  void set_context(Resource* context) noexcept { context_ = context; }
  [[nodiscard]] const std::string& view_name() const noexcept { return view_name_; }
  void set_view_name(std::string name) { view_name_ = std::move(name); }
  [[nodiscard]] const std::vector<std::string>& subpath() const noexcept { return subpath_; }
  void set_subpath(std::vector<std::string> subpath) { subpath_ = std::move(subpath); }
  /// Returns the names that led from the root to the context.
  [[nodiscard]] const std::vector<std::string>& traversed() const noexcept { return traversed_; }
  /// Returns the object that X-Vhm-Root names, if a front server sends it; else the root.
  [[nodiscard]] Resource* virtual_root() const noexcept { return virtual_root_; }
  [[nodiscard]] const std::vector<std::string>& virtual_root_path() const noexcept {
    return virtual_root_path_;
  }
  /// Returns the exception that an exception view handles.
  [[nodiscard]] const std::exception_ptr& exception() const noexcept { return exception_; }
  void set_exception(std::exception_ptr exception) noexcept { exception_ = std::move(exception); }
  /// Returns whether the answer of the last view was rendered, and so began as the request's
  /// response().
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
  std::shared_ptr<Resource> kept_root_;  // the only one kept if there was no path to follow
  std::vector<std::shared_ptr<Resource>> kept_;
  std::exception_ptr exception_;
  bool is_rendered_ = false;
};

}  // namespace aiopyr

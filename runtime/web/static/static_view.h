#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/static/static_view_options.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace aiopyr {

/// Serves the files of one folder: pyramid.static.static_view, made by static_view(). The request's
/// subpath, or its whole path_info, names the file. See docs/static.md for its answers.
///
/// Immutable, and called for many requests at a time, on fibers or in threads. Opening a file
/// blocks, but with a local disk only for microseconds: less than a switch to a thread and back
/// takes. sendfile() reads on the loop's thread in any case. So its default mapper is FiberMapper;
/// the options may name another.
class StaticView {
 public:
  /// Throws ConfigurationError for a content coding without a known file extension.
  StaticView(std::string folder, StaticViewOptions options);

  /// Returns the file's response. Throws HTTPNotFound if there is none, HTTPForbidden if it may not
  /// be read, HTTPMovedPermanently for a folder's URL without its `/`.
  [[nodiscard]] Response operator()(Request& request) const;

  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  [[nodiscard]] const MapperRef& mapper() const noexcept { return options_.mapper; }

 private:
  struct Variant {
    std::string encoding;
    std::string extension;  // with its dot
  };

  std::string folder_;
  StaticViewOptions options_;
  std::vector<Variant> variants_;
};

/// Returns a view that serves the files of `folder`; a relative path starts in the app's folder.
/// Use it with a route that ends in `*subpath` and `.use_subpath = true`; add_static_view() does
/// both.
[[nodiscard]] StaticView static_view(std::string folder, StaticViewOptions options = {});

template <>
struct ViewAdapter<StaticView> {
  static ViewCallable adapt(StaticView view);
};

}  // namespace aiopyr

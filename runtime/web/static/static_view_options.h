#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/routing/string_list.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/runtime/web/views/view_options.h>

namespace aiopyr {

/// The keyword arguments of add_static_view and static_view.
struct StaticViewOptions {
  /// How long clients may keep the files without asking; nullopt: no Cache-Control and Expires.
  std::optional<std::chrono::seconds> cache_max_age = std::chrono::hours(1);
  /// The encodings of variants that may replace a file: `x.css.br` or `x.css.gz` beside it.
  StringList content_encodings = {"br", "gzip"};
  std::string permission = kNoPermissionRequired;  ///< of add_static_view() only
  std::string index = "index.html";                ///< the file for a folder's URL
  /// For static_view() only: the request's subpath names the file, not its path_info.
  bool use_subpath = false;
  /// The mapper; by default FiberMapper: opening a file on a local disk takes microseconds.
  /// Otherwise use ExecutorMapper{}.
  MapperRef mapper{};
};

}  // namespace aiopyr

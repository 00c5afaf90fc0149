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
  /// How long clients may keep the files unasked; nothing: without Cache-Control and Expires.
  std::optional<std::chrono::seconds> cache_max_age = std::chrono::hours(1);
  /// Which variants may stand in for a file, where `x.css.br` or `x.css.gz` lies beside it.
  StringList content_encodings = {"br", "gzip"};
  std::string permission = kNoPermissionRequired;  ///< of add_static_view() only
  std::string index = "index.html";                ///< what a folder's URL shows
  /// Of static_view() only: the file is named by the request's subpath, not by its path_info.
  bool use_subpath = false;
  /// FiberMapper, if none: opening a file takes microseconds where it is on a local disk. Else
  /// ExecutorMapper{}.
  MapperRef mapper{};
};

}  // namespace aiopyr

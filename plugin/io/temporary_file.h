#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/file_body.h>
#include <aiopyr/runtime/web/http/open_beneath.h>

namespace aiopyr::plugin {

/// A file without a name, for what would take too much memory while it waits: it vanishes with the
/// last descriptor, however its process ends. Children do not inherit it.
///
/// Writing goes to the kernel's cache. It blocks like any write where the disk cannot keep up.
class TemporaryFile {
 public:
  /// Opens a file in `folder`; by O_TMPFILE, or where the file system has no such files by a name
  /// that is removed at once. Throws Error, which names the folder.
  explicit TemporaryFile(const std::string& folder);

  /// Writes `part` behind what was written. Throws Error where it cannot be written whole: the disk
  /// is full, say.
  void append(std::string_view part);

  /// Gives the file away. Throws Error. Requires: something was written.
  [[nodiscard]] std::shared_ptr<const FileBody> release();

 private:
  [[noreturn]] void fail(std::string_view what) const;

  std::string folder_;
  aiopyr::detail::Descriptor file_;
};

/// Returns where temporary files belong: in `wanted`, unless it is empty; else in the environment's
/// TMPDIR; else in /var/tmp, which lies on a disk where /tmp may be memory; else in /tmp.
[[nodiscard]] std::string temporary_folder(const std::string& wanted);

}  // namespace aiopyr::plugin

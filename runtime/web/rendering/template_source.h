#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Reads mustache templates with their partials. Internal to runtime/web; used by one thread at a
/// time.
namespace aiopyr::detail {

/// A template's text with its partials filled in, and the files that it was read from.
struct TemplateSource {
  struct File {
    std::filesystem::path path;
    std::filesystem::file_time_type modified;
  };
  std::string text;
  std::vector<File> files;

  /// Returns whether one of the files has changed or is gone.
  [[nodiscard]] bool is_stale() const noexcept;
};

/// Reads `name` below `base`, and its partials `{{> other}}`, which are names below `base` too; a
/// partial without an extension has that of `name`. Each file has to be a whole template by itself.
/// Throws ConfigurationError with file, line and reason if one is missing, malformed, or includes
/// itself.
[[nodiscard]] TemplateSource read_template(const std::filesystem::path& base,
                                           const std::string& name);

/// Throws ConfigurationError with file, line and reason if `text` is not a mustache template.
void check_template_syntax(const std::filesystem::path& path, const std::string& text);

}  // namespace aiopyr::detail

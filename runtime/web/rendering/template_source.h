#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Reads mustache templates with their partials. Internal to runtime/web; used by one thread at a
/// time.
namespace aiopyr::detail {

/// A template's text with its partials filled in, and the files that it came from.
struct TemplateSource {
  struct File {
    std::filesystem::path path;
    std::filesystem::file_time_type modified;
  };
  std::string text;
  std::vector<File> files;

  /// Whether one of the files was changed, or is gone.
  [[nodiscard]] bool is_stale() const noexcept;
};

/// Reads `name` below `base`, and its partials `{{> other}}`, which are names below `base` too; one
/// without an extension has that of `name`. Each file has to be a whole template by itself. Throws
/// ConfigurationError with file, line and reason where one is missing, malformed, or includes
/// itself.
[[nodiscard]] TemplateSource read_template(const std::filesystem::path& base,
                                           const std::string& name);

/// Throws ConfigurationError with file, line and reason where `text` is no mustache template.
void check_template_syntax(const std::filesystem::path& path, const std::string& text);

}  // namespace aiopyr::detail

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/rendering/template_source.h>

namespace aiopyr::detail {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  errno = 0;
  std::error_code unreadable;
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path, unreadable)) {
    throw ConfigurationError("The template " + path.string() + " cannot be read: " +
                             std::strerror(errno == 0 ? EISDIR : errno) + ".");
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Reads a template and, depth first, its partials.
class TemplateReader {
 public:
  explicit TemplateReader(fs::path base) : base_(std::move(base)) {}

  TemplateSource read(const std::string& name) {
    source_.text = expand(base_ / name);
    return std::move(source_);
  }

 private:
  std::string expand(const fs::path& path) {
    if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
      throw ConfigurationError("The template " + path.string() +
                               " includes itself; use a section over a list instead.");
    }
    const std::string text = read_file(path);
    source_.files.push_back({path, fs::last_write_time(path)});
    check_template_syntax(path, text);
    open_.push_back(path);
    std::string result = fill_in(text, path);
    open_.pop_back();
    return result;
  }

  std::string fill_in(std::string_view text, const fs::path& path) {
    static constexpr std::string_view kOpen = "{{";
    static constexpr std::string_view kClose = "}}";
    std::string result;
    for (auto tag = text.find(kOpen); tag != std::string_view::npos; tag = text.find(kOpen)) {
      const auto end = text.find(kClose, tag);
      if (end == std::string_view::npos) break;
      const std::string_view inside = trim_whitespace(text.substr(tag + 2, end - tag - 2));
      const bool is_partial = inside.starts_with('>');
      result += text.substr(0, is_partial ? tag : end + 2);
      if (is_partial) result += expand(partial_path(inside.substr(1), path));
      text.remove_prefix(end + 2);
    }
    return result.append(text);
  }

  [[nodiscard]] fs::path partial_path(std::string_view name, const fs::path& includer) const {
    fs::path path = base_ / fs::path(trim_whitespace(name));
    if (!path.has_extension()) path.replace_extension(includer.extension());
    return path;
  }

  fs::path base_;
  std::vector<fs::path> open_;
  TemplateSource source_;
};

}  // namespace

bool TemplateSource::is_stale() const noexcept {
  return std::any_of(files.begin(), files.end(), [](const File& file) {
    std::error_code gone;
    const auto modified = fs::last_write_time(file.path, gone);
    return gone || modified != file.modified;
  });
}

TemplateSource read_template(const fs::path& base, const std::string& name) {
  return TemplateReader(base).read(name);
}

}  // namespace aiopyr::detail

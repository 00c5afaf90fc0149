#include <algorithm>
#include <iterator>
#include <utility>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/mime.h>

namespace aiopyr {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr Entry kTypes[] = {
    {"avif", "image/avif"},
    {"bin", "application/octet-stream"},
    {"bmp", "image/bmp"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"gif", "image/gif"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ico", "image/vnd.microsoft.icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"md", "text/markdown"},
    {"mjs", "text/javascript"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"ogg", "audio/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain"},
    {"wasm", "application/wasm"},
    {"wav", "audio/x-wav"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xhtml", "application/xhtml+xml"},
    {"xml", "text/xml"},
    {"zip", "application/zip"},
};

constexpr Entry kEncodings[] = {{"br", "br"}, {"gz", "gzip"}, {"zst", "zstd"}};

template <std::size_t N>
std::string_view look_up(const Entry (&table)[N], std::string_view extension) noexcept {
  const auto* found = std::find_if(std::begin(table), std::end(table), [extension](const Entry& e) {
    return ascii_iequals(e.first, extension);
  });
  return found == std::end(table) ? std::string_view{} : found->second;
}

/// Removes the extension from `name` and returns it; empty if there is none.
std::string_view pop_extension(std::string_view& name) noexcept {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view extension = name.substr(dot + 1);
  name = name.substr(0, dot);
  return extension;
}

}  // namespace

MimeType guess_mime_type(std::string_view path) noexcept {
  std::string_view name = path.substr(path.rfind('/') + 1);
  std::string_view extension = pop_extension(name);
  const std::string_view encoding = look_up(kEncodings, extension);
  if (!encoding.empty()) extension = pop_extension(name);
  const std::string_view type = look_up(kTypes, extension);
  return {type.empty() ? "application/octet-stream" : type, encoding};
}

bool mime_type_has_charset(std::string_view type) noexcept {
  return type.starts_with("text/") || type.ends_with("/xml") || type.ends_with("+xml");
}

}  // namespace aiopyr

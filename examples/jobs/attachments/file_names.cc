#include "file_names.h"

#include <algorithm>
#include <array>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr std::size_t kMaxName = 100;

constexpr std::array<std::string_view, 6> kKnownTypes{
    "application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain", "application/zip"};

bool is_control(unsigned char c) noexcept { return c < ' ' || c == 0x7F; }

bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Returns whether a character may stand between quotes in a header.
bool is_plain(char c) noexcept { return c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '%'; }

}  // namespace

std::string safe_filename(std::string_view name) {
  std::string safe;
  std::copy_if(name.begin(), name.end(), std::back_inserter(safe),
               [](char c) { return !is_control(static_cast<unsigned char>(c)); });
  std::size_t end = std::min(safe.size(), kMaxName);
  while (end > 0 && end < safe.size() && continues_character(safe[end])) --end;
  safe.resize(end);
  const bool is_name = !safe.empty() && safe != "." && safe != "..";
  return is_name ? safe : "file";
}

std::string safe_content_type(std::string_view type) {
  const std::string known = ascii_lower(trim_whitespace(take_until(type, ';')));
  const bool is_known =
      std::find(kKnownTypes.begin(), kKnownTypes.end(), known) != kKnownTypes.end();
  return is_known ? known : "application/octet-stream";
}

std::string content_disposition(std::string_view filename) {
  std::string ascii(filename);
  std::replace_if(
      ascii.begin(), ascii.end(), [](char c) { return !is_plain(c); }, '_');
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + percent_encode(filename);
}

}  // namespace jobs

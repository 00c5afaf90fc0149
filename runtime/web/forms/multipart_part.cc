#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/forms/multipart_part.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr::detail {
namespace {

/// Decodes the escapes of browsers: they write `"`, CR and LF in names as %22, %0D, %0A and escape
/// nothing else (HTML standard, "multipart/form-data encoding algorithm").
std::string undo_browser_escapes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view escape = text.substr(i, 3);
    if (escape == "%22" || ascii_iequals(escape, "%0D") || ascii_iequals(escape, "%0A")) {
      result += url_unquote(escape);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string checked_text(std::string text, std::size_t position, std::string_view what) {
  if (const auto error = find_utf8_error(text)) {
    throw_malformed(position, std::string(what) + " is not UTF-8: " + describe(*error));
  }
  return text;
}

/// Decodes `filename*=UTF-8''na%C3%AFve.txt` (RFC 8187 section 3.2); nullopt if it is malformed.
std::optional<std::string> decode_extended(std::string_view text) {
  const auto first = text.find('\'');
  const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  std::string value = url_unquote(text.substr(second + 1));
  if (ascii_iequals(text.substr(0, first), "iso-8859-1")) return latin1_to_utf8(value);
  if (!ascii_iequals(text.substr(0, first), "utf-8") || find_utf8_error(value)) return std::nullopt;
  return value;
}

void read_disposition(std::string_view value, std::size_t position, PartHead& head) {
  const HeaderValue disposition = parse_header_value(value);
  const std::string* name = disposition.find("name");
  if (disposition.value != "form-data" || name == nullptr) {
    throw_malformed(position, "the part's Content-Disposition must be form-data with a name");
  }
  head.name = checked_text(undo_browser_escapes(*name), position, "the part's name");
  if (const std::string* filename = disposition.find("filename")) {
    head.filename = checked_text(undo_browser_escapes(*filename), position, "the part's filename");
  }
  if (const std::string* extended = disposition.find("filename*")) {
    if (auto filename = decode_extended(*extended)) head.filename = std::move(*filename);
  }
}

/// Removes the next line from `block` and returns it.
std::string_view pop_line(std::string_view& block) noexcept {
  const auto end = block.find("\r\n");
  const std::string_view line = block.substr(0, end);
  block.remove_prefix(end == std::string_view::npos ? block.size() : end + 2);
  return line;
}

}  // namespace

void throw_malformed(std::size_t position, std::string_view reason) {
  throw HTTPBadRequest("Malformed multipart body at byte " + std::to_string(position) + ": " +
                       std::string(reason) + ".");
}

PartHead parse_part_head(std::string_view block, std::size_t position) {
  PartHead head;
  bool has_disposition = false;
  const std::size_t start = position;
  while (!block.empty()) {
    const std::string_view line = pop_line(block);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_http_token(line.substr(0, colon))) {
      throw_malformed(position, "a part's header line must be 'Name: value'");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim_whitespace(line.substr(colon + 1));
    if (ascii_iequals(name, "Content-Disposition")) {
      read_disposition(value, position, head);
      has_disposition = true;
    } else if (ascii_iequals(name, "Content-Type")) {
      head.content_type = std::string(value);
    } else if (ascii_iequals(name, "Content-Transfer-Encoding")) {
      // RFC 7578 section 4.7 has deprecated the header, but `curl -F 'f=@x;encoder=base64'` sends
      // it.
      head.transfer_encoding = ascii_lower(value);
    }
    position += line.size() + 2;
  }
  if (!has_disposition) throw_malformed(start, "the part has no Content-Disposition");
  return head;
}

}  // namespace aiopyr::detail

#include <charconv>
#include <cstring>

#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/text/octets.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr {
namespace {

using detail::all_octets;
using detail::is_octet;

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// Removes the optional whitespace (OWS) of RFC 9110 section 5.6.3.
std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Removes the next line from `text`, without its CRLF; returns false if it does not end in CRLF.
bool take_line(std::string_view& text, std::string_view& line) noexcept {
  const auto end = text.find('\n');
  line = text.substr(0, end);
  if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return false;
  line.remove_suffix(1);
  text.remove_prefix(end + 1);
  return true;
}

/// Removes `https://HOST` from an absolute-form target (RFC 9112 section 3.2.2).
bool take_authority(std::string_view& target, std::string_view& authority) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!ascii_iequals(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    authority = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(authority.size());
    return is_authority(authority);
  }
  return false;
}

/// Returns whether both names are equal, without regard to case, and with `_` equal to `-` (CGI
/// writes `_` for `-`).
bool is_named_like(std::string_view name, std::string_view wanted) noexcept {
  if (name.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i] == '_' ? '-' : ascii_lower(name[i]);
    if (c != ascii_lower(wanted[i])) return false;
  }
  return true;
}

constexpr std::string_view kHostName = "Host";
constexpr std::string_view kLengthName = "Content-Length";
constexpr std::string_view kEncodingName = "Transfer-Encoding";

class HeadParser {
 public:
  explicit HeadParser(HttpHead& head) noexcept : head_(head) {
    head.query = head.host = {};
    head.has_host = head.is_chunked = false;
    head.content_length.reset();
    head.field_count = 0;
  }

  HeadVerdict parse(std::string_view text) noexcept {
    if (text.starts_with("\r\n")) text.remove_prefix(2);
    std::string_view line;
    if (!take_line(text, line)) return {HeadError::kLineEnd, line};
    if (const HeadError error = read_request_line(line); error != HeadError::kNone) {
      return {error, line};
    }
    for (;;) {
      if (!take_line(text, line)) return {HeadError::kLineEnd, line};
      if (line.empty()) return {check_framing(), {}};
      if (const HeadError error = read_field(line); error != HeadError::kNone) return {error, line};
    }
  }

 private:
  /// Reads the request line: exactly one space between its three parts (RFC 9112 section 3).
  HeadError read_request_line(std::string_view line) noexcept {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return HeadError::kRequestLine;
    head_.method = line.substr(0, first);
    head_.target = line.substr(first + 1, last - first - 1);
    head_.version = line.substr(last + 1);
    if (!is_http_token(head_.method)) return HeadError::kMethod;
    // Refuses CONNECT: it is for proxies, and its tunnel may begin before it is answered.
    if (head_.method == "CONNECT") return HeadError::kConnect;
    if (const HeadError error = check_version(); error != HeadError::kNone) return error;
    return read_target();
  }

  HeadError check_version() noexcept {
    const std::string_view v = head_.version;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (v.size() != 8 || !v.starts_with("HTTP/") || !is_digit(v[5]) || v[6] != '.' ||
        !is_digit(v[7])) {
      return HeadError::kRequestLine;
    }
    is_old_ = v[7] == '0';
    return v[5] == '1' ? HeadError::kNone : HeadError::kVersion;
  }

  HeadError read_target() noexcept {
    std::string_view rest = head_.target;
    if (rest.empty() || !all_octets(rest, detail::kTargetOctet)) return HeadError::kTarget;
    const bool is_asterisk = rest == "*" && head_.method == "OPTIONS";
    if (rest[0] != '/' && !is_asterisk && !take_authority(rest, authority_)) {
      return HeadError::kTarget;
    }
    const auto mark = rest.find('?');
    head_.path = rest.substr(0, mark);
    if (head_.path.empty()) head_.path = "/";
    // Refuses such escapes: decoders disagree about them, and uWSGI's makes a NUL of them.
    if (find_bad_escape(head_.path)) return HeadError::kPathEscape;
    if (mark != std::string_view::npos) head_.query = rest.substr(mark + 1);
    return HeadError::kNone;
  }

  HeadError read_field(std::string_view line) noexcept {
    if (is_blank(line[0])) return HeadError::kFolded;
    std::size_t colon = 0;
    bool has_underscore = false;
    for (; colon < line.size() && is_octet(line[colon], detail::kTokenOctet); ++colon) {
      has_underscore |= line[colon] == '_';
    }
    if (colon == 0 || colon == line.size() || line[colon] != ':') return HeadError::kFieldName;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (!all_octets(value, detail::kValueOctet)) return HeadError::kFieldValue;
    // Counts the fields that are dropped, too.
    if (++lines_ > kMaxHeaderFields) return HeadError::kTooManyFields;
    if (has_underscore) return check_underscores(name);
    return add({name, trim_blanks(value)});
  }

  static HeadError check_underscores(std::string_view name) noexcept {
    const bool frames = is_named_like(name, kLengthName) || is_named_like(name, kEncodingName);
    return frames ? HeadError::kUnderscore : HeadError::kNone;
  }

  HeadError add(const HttpHead::Field& field) noexcept {
    head_.fields[head_.field_count++] = field;
    switch (field.name.size()) {
      case kHostName.size():
        return ascii_iequals(field.name, kHostName) ? read_host(field.value) : HeadError::kNone;
      case kLengthName.size():
        return ascii_iequals(field.name, kLengthName) ? read_length(field.value) : HeadError::kNone;
      case kEncodingName.size():
        return ascii_iequals(field.name, kEncodingName) ? read_encoding(field.value)
                                                        : HeadError::kNone;
      default:
        return HeadError::kNone;
    }
  }

  HeadError read_host(std::string_view value) noexcept {
    if (head_.has_host) return HeadError::kTwoHosts;
    head_.has_host = true;
    head_.host = value;
    // Accepts an empty one: that of a target without an authority.
    return value.empty() || is_authority(value) ? HeadError::kNone : HeadError::kHost;
  }

  /// Parses Content-Length (RFC 9110 section 8.6), and refuses lists of the same number.
  HeadError read_length(std::string_view value) noexcept {
    if (head_.content_length || value.find(',') != std::string_view::npos) {
      return HeadError::kTwoLengths;
    }
    std::uint64_t length = 0;
    const char* const end = value.data() + value.size();
    const auto [stop, failed] = std::from_chars(value.data(), end, length);
    // The limit is that of signed types, in which uWSGI stores it in places.
    if (failed != std::errc() || stop != end || length > INT64_MAX) {
      return HeadError::kContentLength;
    }
    head_.content_length = length;
    return HeadError::kNone;
  }

  HeadError read_encoding(std::string_view value) noexcept {
    if (head_.is_chunked || is_old_) return HeadError::kTransferEncoding;
    head_.is_chunked = true;
    if (ascii_iequals(value, "chunked")) return HeadError::kNone;
    const auto comma = value.rfind(',');
    const bool ends_in_chunks = comma != std::string_view::npos &&
                                ascii_iequals(trim_blanks(value.substr(comma + 1)), "chunked");
    return ends_in_chunks ? HeadError::kUnknownCoding : HeadError::kTransferEncoding;
  }

  HeadError check_framing() noexcept {
    if (head_.content_length && head_.is_chunked) return HeadError::kLengthWithEncoding;
    if (!head_.has_host && !is_old_) return HeadError::kNoHost;
    if (!authority_.empty()) take_host_of_target();
    return HeadError::kNone;
  }

  /// Replaces the Host header by the target's authority (RFC 9112 section 3.2.2).
  void take_host_of_target() noexcept {
    head_.host = authority_;
    for (std::size_t i = 0; i < head_.field_count; ++i) {
      auto& [name, value] = head_.fields[i];
      if (ascii_iequals(name, kHostName)) value = authority_;
    }
  }

  HttpHead& head_;
  std::string_view authority_;  // from an absolute-form target
  std::size_t lines_ = 0;
  bool is_old_ = false;  // HTTP/1.0
};

}  // namespace

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t from) noexcept {
  for (auto at = bytes.find('\n', from); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    const std::string_view line_end = bytes.substr(at < 3 ? 0 : at - 3, at < 3 ? at + 1 : 4);
    if (line_end == "\r\n\r\n" || !line_end.ends_with("\r\n")) return at + 1;
  }
  return std::nullopt;
}

bool is_head_request(std::string_view bytes) noexcept {
  while (bytes.starts_with('\r') || bytes.starts_with('\n')) bytes.remove_prefix(1);
  return bytes.starts_with("HEAD ");
}

HeadVerdict parse_http_head(std::string_view text, HttpHead& head) noexcept {
  return HeadParser(head).parse(text);
}

}  // namespace aiopyr

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The head of an HTTP/1 request, read strictly: where RFC 9112 lets a server choose between making
/// sense of a malformed head and refusing it, it is refused. Two parsers that make different sense
/// of the same bytes are what request smuggling lives on. Stateless, any thread; no allocation.
namespace aiopyr {

/// How many header fields a request may have.
inline constexpr std::size_t kMaxHeaderFields = 100;

/// Why a head is refused.
enum class HeadError : std::uint8_t {
  kNone,
  kLineEnd,             ///< a line that does not end in CRLF (section 2.2)
  kRequestLine,         ///< not `METHOD TARGET HTTP/N.N`, with one space between
  kMethod,              ///< no token
  kTarget,              ///< controls, spaces, `#`, or none of the forms of section 3.2
  kPathEscape,          ///< a `%` in the path without two hexadecimal digits
  kConnect,             ///< CONNECT, in whichever form (section 3.2.3)
  kVersion,             ///< not 1.x
  kFolded,              ///< obs-fold (section 5.2)
  kFieldName,           ///< no token, as with a space before the colon (section 5.1)
  kFieldValue,          ///< a control character (RFC 9110, section 5.5)
  kUnderscore,          ///< Content_Length or Transfer_Encoding
  kTooManyFields,       ///< more than kMaxHeaderFields
  kContentLength,       ///< not a number
  kTwoLengths,          ///< more than one Content-Length, or a list of them
  kLengthWithEncoding,  ///< Content-Length beside Transfer-Encoding (section 6.3)
  kTransferEncoding,    ///< repeated, not ending in chunked, or in HTTP/1.0 (section 6.1)
  kUnknownCoding,       ///< a transfer coding before chunked
  kHost,                ///< not a host and port
  kNoHost,              ///< HTTP/1.1 without (section 3.2)
  kTwoHosts,
  kForwarded,      ///< for readers that believe a proxy's X-Forwarded-For and its like
  kTargetTooLong,  ///< for readers whose buffer it does not fit, as a request line
  kTooLarge,       ///< the same, as headers
};

/// The status that answers it: 400, 414, 431, 501 or 505.
[[nodiscard]] int status_of(HeadError error) noexcept;

/// What is wrong, in one sentence for the client and the log.
[[nodiscard]] std::string_view describe(HeadError error) noexcept;

/// What a head says. All views are into the text that was parsed.
struct HttpHead {
  struct Field {
    std::string_view name;   ///< as sent: no `_` occurs
    std::string_view value;  ///< without the spaces around it
  };

  std::string_view method;
  std::string_view target;
  std::string_view version;  ///< "HTTP/1.1"
  std::string_view path;     ///< of the target, still quoted; "/" where it has none; or "*"
  std::string_view query;    ///< behind its `?`
  bool has_host = false;     ///< there is a Host header
  /// Of the target, where that names it, else of the Host header, which then says the same (RFC
  /// 9112 section 3.2.2).
  std::string_view host;
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  std::size_t field_count = 0;
  std::array<Field, kMaxHeaderFields> fields;  ///< the first field_count of them
};

/// Why a head is refused, and at which of its lines.
struct HeadVerdict {
  HeadError error = HeadError::kNone;
  std::string_view line;

  [[nodiscard]] bool is_refused() const noexcept { return error != HeadError::kNone; }
};

/// How many bytes of `bytes` are a head, with its empty line; nothing while more have to come.
/// Before `from` there is no line's end that was not looked at already. A line that ends in a bare
/// LF ends the search too, for parse_http_head to refuse.
[[nodiscard]] std::optional<std::size_t> find_head_end(std::string_view bytes,
                                                       std::size_t from = 0) noexcept;

/// Returns whether the request that begins with `bytes` is for HEAD, whose answer has no body, as
/// far as it has come, and whatever is wrong with the rest.
[[nodiscard]] bool is_head_request(std::string_view bytes) noexcept;

/// Parses a whole head, with its empty line, into `head`, which may have held another one. Where it
/// is refused, `head` says nothing. One empty line in front is skipped (section 2.2).
///
/// Header names with `_` are dropped, as nginx does: a CGI variable does not tell `X_User` from
/// `X-User`, which a proxy in front may vouch for. Those that would frame the body are refused.
[[nodiscard]] HeadVerdict parse_http_head(std::string_view text, HttpHead& head) noexcept;

}  // namespace aiopyr

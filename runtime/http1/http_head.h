#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// A strict reader of the head of an HTTP/1 request: a malformed head is refused wherever RFC 9112
/// lets a server choose between accepting and refusing it. Request smuggling needs two parsers that
/// read the same bytes differently. Stateless, any thread; no allocation.
namespace aiopyr {

/// The most header fields that a request may have.
inline constexpr std::size_t kMaxHeaderFields = 100;

/// The reason why a head is refused.
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

/// Returns the status that answers it: 400, 414, 431, 501 or 505.
[[nodiscard]] int status_of(HeadError error) noexcept;

/// Describes the error, in one sentence for the client and the log.
[[nodiscard]] std::string_view describe(HeadError error) noexcept;

/// The contents of a head. All views refer to the parsed text.
struct HttpHead {
  struct Field {
    std::string_view name;   ///< as sent: no `_` occurs
    std::string_view value;  ///< without the spaces around it
  };

  std::string_view method;
  std::string_view target;
  std::string_view version;  ///< "HTTP/1.1"
  std::string_view path;     ///< path of the target, still quoted; "/" if it has none; or "*"
  std::string_view query;    ///< after its `?`
  bool has_host = false;     ///< there is a Host header
  /// The host of the target if it names one, else of the Host header; both agree then (RFC 9112
  /// section 3.2.2).
  std::string_view host;
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  std::size_t field_count = 0;
  std::array<Field, kMaxHeaderFields> fields;  ///< the first field_count of them
};

/// The reason why a head is refused, and the line that is wrong.
struct HeadVerdict {
  HeadError error = HeadError::kNone;
  std::string_view line;

  [[nodiscard]] bool is_refused() const noexcept { return error != HeadError::kNone; }
};

/// Returns how many bytes of `bytes` are a head, with its empty line; nullopt until it is complete.
/// The search starts at `from`; before it there is no line end that was not looked at already. A
/// line that ends in a bare LF ends the search too, and parse_http_head refuses it.
[[nodiscard]] std::optional<std::size_t> find_head_end(std::string_view bytes,
                                                       std::size_t from = 0) noexcept;

/// Returns whether the request that begins with `bytes` is for HEAD, whose answer has no body, as
/// far as it has come, and whatever is wrong with the rest.
[[nodiscard]] bool is_head_request(std::string_view bytes) noexcept;

/// Parses a whole head, with its empty line, into `head`, which may have held another one. Where it
/// is refused, `head` says nothing. One empty line in front is skipped (section 2.2).
///
/// Drops header names with `_`, as nginx does: as CGI variables, `X_User` and `X-User` are equal,
/// and a proxy in front may vouch for the latter. Names that would frame the body are refused.
[[nodiscard]] HeadVerdict parse_http_head(std::string_view text, HttpHead& head) noexcept;

}  // namespace aiopyr

#include <aiopyr/runtime/http1/http_head.h>

namespace aiopyr {

int status_of(HeadError error) noexcept {
  switch (error) {
    case HeadError::kTargetTooLong:
      return 414;
    case HeadError::kTooLarge:
    case HeadError::kTooManyFields:
      return 431;
    case HeadError::kUnknownCoding:
      return 501;
    case HeadError::kVersion:
      return 505;
    default:
      return 400;
  }
}

std::string_view describe(HeadError error) noexcept {
  switch (error) {
    case HeadError::kNone:
      break;
    case HeadError::kLineEnd:
      return "A line of the request's head does not end with CRLF.";
    case HeadError::kRequestLine:
      return "The request does not begin with METHOD TARGET HTTP/1.1.";
    case HeadError::kMethod:
      return "The request's method is not a token.";
    case HeadError::kTarget:
      return "The request's target is neither a path nor an http URL.";
    case HeadError::kPathEscape:
      return "A % in the request's path is not followed by two hexadecimal digits.";
    case HeadError::kConnect:
      return "CONNECT is for proxies.";
    case HeadError::kVersion:
      return "Only HTTP/1.0 and HTTP/1.1 are spoken here.";
    case HeadError::kFolded:
      return "A header is folded over several lines.";
    case HeadError::kFieldName:
      return "A header's name is not a token with a colon right behind it.";
    case HeadError::kFieldValue:
      return "A header's value holds a control character.";
    case HeadError::kUnderscore:
      return "Content_Length and Transfer_Encoding are not header names.";
    case HeadError::kTooManyFields:
      return "The request has more than 100 headers.";
    case HeadError::kContentLength:
      return "The Content-Length is not a number.";
    case HeadError::kTwoLengths:
      return "The request has more than one Content-Length.";
    case HeadError::kLengthWithEncoding:
      return "The request has both a Content-Length and a Transfer-Encoding.";
    case HeadError::kTransferEncoding:
      return "The Transfer-Encoding is not chunked, or not of this HTTP version.";
    case HeadError::kUnknownCoding:
      return "No transfer coding but chunked is understood.";
    case HeadError::kHost:
      return "The Host is not a host and port.";
    case HeadError::kNoHost:
      return "The request has no Host.";
    case HeadError::kTwoHosts:
      return "The request has more than one Host.";
    case HeadError::kForwarded:
      return "Forwarded, or X-Forwarded-For, -Proto, -Host or -Port, makes no sense.";
    case HeadError::kTargetTooLong:
      return "The request's target is too long for this server's buffer-size.";
    case HeadError::kTooLarge:
      return "The request's head is larger than this server's buffer-size.";
  }
  return "The request's head is in order.";
}

}  // namespace aiopyr

#pragma once

#include <string_view>

/// Conditional requests (RFC 9110 section 13) and ranges (section 14). Internal to runtime/web;
/// on the request's fiber.
namespace aiopyr {

class Request;
class Response;

namespace detail {

/// Changes a 200 to GET or HEAD into the conditional answer that the client has asked for, by the
/// response's ETag and Last-Modified, in the order of RFC 9110 section 13.2.2:
///
///   If-Match, else If-Unmodified-Since, not met      -> 412
///   If-None-Match, else If-Modified-Since, not met   -> 304
///   Range to GET, with If-Range met or absent        -> 206 or 416
///
/// Leaves everything else as it is. Malformed headers count as not sent.
void apply_conditions(Response& response, const Request& request);

/// Applies a Range header. One range, or several that touch each other, is sent from where it lies.
/// Several are copied into a multipart/byteranges body if they are few and small; otherwise the
/// whole is sent, as section 14.2 allows.
void apply_range(Response& response, std::string_view range);

/// Replaces a response by an error; its cookies stay.
void become_error(Response& response, Response error);

/// Returns whether a list of entity tags, or `*`, has one that equals `etag`, by weak or strong
/// comparison (section 8.8.3.2).
[[nodiscard]] bool has_etag(std::string_view list, std::string_view etag, bool by_strong);

}  // namespace detail

}  // namespace aiopyr

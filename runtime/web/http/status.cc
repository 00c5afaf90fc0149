#include <algorithm>
#include <iterator>

#include <aiopyr/runtime/web/http/status.h>

namespace aiopyr {
namespace {

constexpr std::string_view kMoved = "The resource has been moved to";

constexpr StatusInfo kStatuses[] = {
    {100, "Continue", ""},
    {101, "Switching Protocols", ""},
    {200, "OK", ""},
    {201, "Created", ""},
    {202, "Accepted", "The request is accepted for processing."},
    {203, "Non-Authoritative Information", ""},
    {204, "No Content", ""},
    {205, "Reset Content", ""},
    {206, "Partial Content", ""},
    {300, "Multiple Choices", kMoved},
    {301, "Moved Permanently", kMoved},
    {302, "Found", "The resource was found at"},
    {303, "See Other", kMoved},
    {304, "Not Modified", ""},
    {307, "Temporary Redirect", kMoved},
    {308, "Permanent Redirect", kMoved},
    {400, "Bad Request",
     "The server could not comply with the request since it is either malformed or otherwise "
     "incorrect."},
    {401, "Unauthorized",
     "This server could not verify that you are authorized to access the document you requested.  "
     "Either you supplied the wrong credentials (e.g., bad password), or your browser does not "
     "understand how to supply the credentials required."},
    {402, "Payment Required", "Access was denied for financial reasons."},
    {403, "Forbidden", "Access was denied to this resource."},
    {404, "Not Found", "The resource could not be found."},
    {405, "Method Not Allowed", ""},
    {406, "Not Acceptable", ""},
    {408, "Request Timeout",
     "The server has waited too long for the request to be sent by the client."},
    {409, "Conflict", "There was a conflict when trying to complete your request."},
    {410, "Gone", "This resource is no longer available.  No forwarding address is given."},
    {411, "Length Required", "Content-Length header required."},
    {412, "Precondition Failed", "Request precondition failed."},
    {413, "Request Entity Too Large", "The body of your request was too large for this server."},
    {414, "Request-URI Too Long", "The request URI was too long for this server."},
    {415, "Unsupported Media Type", ""},
    {416, "Request Range Not Satisfiable", "The Range requested is not available."},
    {417, "Expectation Failed", "Expectation failed."},
    {418, "I'm a teapot", "Refusing to brew coffee because I'm a teapot."},
    {422, "Unprocessable Entity", "Unable to process the contained instructions"},
    {423, "Locked", "The resource is locked"},
    {426, "Upgrade Required",
     "This resource can only be reached after an upgrade of the protocol."},
    {428, "Precondition Required", "The origin server requires the request to be conditional."},
    {429, "Too Many Requests",
     "The action could not be performed because there were too many requests by the client."},
    {431, "Request Header Fields Too Large", "The requests header fields were too large."},
    {500, "Internal Server Error",
     "The server has either erred or is incapable of performing the requested operation."},
    {501, "Not Implemented", ""},
    {502, "Bad Gateway", "Bad gateway."},
    {503, "Service Unavailable",
     "The server is currently unavailable. Please try again at a later time."},
    {504, "Gateway Timeout", "The gateway has timed out."},
    {505, "HTTP Version Not Supported", "The HTTP version is not supported."},
    {507, "Insufficient Storage", "There was not enough space to save the resource"},
};

constexpr std::string_view kClasses[] = {"Informational", "Success", "Redirection", "Client Error",
                                         "Server Error"};

}  // namespace

const StatusInfo* find_status(int code) noexcept {
  const auto* found =
      std::lower_bound(std::begin(kStatuses), std::end(kStatuses), code,
                       [](const StatusInfo& status, int wanted) { return status.code < wanted; });
  return found != std::end(kStatuses) && found->code == code ? found : nullptr;
}

std::string_view reason_phrase(int code) noexcept {
  if (const StatusInfo* status = find_status(code)) return status->title;
  return code >= 100 && code < 600 ? kClasses[code / 100 - 1] : "Unknown";
}

}  // namespace aiopyr

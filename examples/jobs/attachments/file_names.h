#pragma once

#include <string>
#include <string_view>

/// Makes harmless names and types of those that a visitor gives a file, since neither is trusted.
namespace jobs {

/// Returns a name without control characters, of at most 100 bytes: `file` where nothing is left.
[[nodiscard]] std::string safe_filename(std::string_view name);

/// Returns the type if it is one that a browser does nothing with but show it, else
/// `application/octet-stream`.
[[nodiscard]] std::string safe_content_type(std::string_view type);

/// Returns the value of a Content-Disposition that saves a file (RFC 6266): the name in ASCII for
/// old programs, and as it is (RFC 8187). Requires a safe_filename().
[[nodiscard]] std::string content_disposition(std::string_view filename);

}  // namespace jobs

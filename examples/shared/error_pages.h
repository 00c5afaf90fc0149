#pragma once

#include <aiopyr/aiopyr.h>

namespace shared {

/// Sets the status of an error, and returns what its page shows: `title` and `text`.
[[nodiscard]] aiopyr::Json error_page(const aiopyr::HttpException& error, aiopyr::Request& request);

/// An exception view for errors of the client, such as forms without their token and bodies that
/// are too large.
[[nodiscard]] aiopyr::Task<aiopyr::Json> client_error(const aiopyr::HTTPClientError& error,
                                                      aiopyr::Request& request);

}  // namespace shared

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/url/multidict.h>
#include <aiopyr/runtime/web/url/url.h>

/// Parses forms from complete bodies. Stateless; any thread.
namespace aiopyr {

/// A file that a form contained.
struct FileField {
  std::string name;          ///< of the form's field
  std::string filename;      ///< as the client sent it: UTF-8, and not to be trusted as a path
  std::string content_type;  ///< as sent, with parameters; "application/octet-stream" if none
  std::string bytes;         ///< decoded, if the part was sent in a transfer encoding

  /// Returns the filename behind its last `/` or `\`: safe to show, and to join to a folder unless
  /// it is empty, `.` or `..`.
  [[nodiscard]] std::string basename() const;
};

/// The contents of a form. `fields` has text fields only; a file input that was left empty is there
/// too, with the value "", as in WebOb.
struct Form {
  MultiDict fields;
  std::vector<FileField> files;
};

/// Bounds on what a client can make the server build.
struct FormLimits {
  std::size_t parts = 1000;              ///< of a multipart body
  std::size_t part_header_bytes = 8192;  ///< of one part
  std::size_t parameters = kMaxParameters;
};

/// Returns whether a body of this type is a form: application/x-www-form-urlencoded,
/// multipart/form-data.
[[nodiscard]] bool is_form_type(std::string_view content_type);

/// Parses a body by its Content-Type (with parameters). Other types give an empty form, and so does
/// multipart/form-data without a boundary. Throws HTTPBadRequest, with the position, if it is
/// malformed or over a limit.
[[nodiscard]] Form parse_form(std::string_view content_type, std::string_view body,
                              const FormLimits& limits = {});

/// Parses multipart/form-data (RFC 7578). A body in which the boundary does not occur has no parts.
/// The Content-Transfer-Encodings base64 and quoted-printable are decoded; others leave the content
/// as it is. Positions in messages are bytes of the body, from 0.
[[nodiscard]] Form parse_multipart(std::string_view body, std::string_view boundary,
                                   const FormLimits& limits = {});

}  // namespace aiopyr

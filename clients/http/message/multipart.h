#pragma once

#include <string>
#include <vector>

#include <aiopyr/clients/http/message/body.h>

namespace aiopyr::http {

/// The fields and files of a form (`multipart/form-data`, RFC 7578). A value.
///
///     http::Multipart form;
///     form.field("title", "Report").file("upload", "/srv/report.pdf", "application/pdf");
///     co_await client.post(url, http::multipart(form));
class Multipart {
 public:
  Multipart& field(std::string name, std::string value);
  /// Adds a file, which is read while the form is sent. `filename` is the path's last part if
  /// empty.
  Multipart& file(std::string name, std::string path,
                  std::string content_type = "application/octet-stream", std::string filename = "");
  /// Adds a file whose bytes are here.
  Multipart& bytes(std::string name, std::string filename, std::string bytes,
                   std::string content_type = "application/octet-stream");

  struct Part {
    std::string name;
    std::string filename;  ///< empty for a field
    std::string content_type;
    std::string path;  ///< empty where the bytes are here
    std::string bytes;
  };
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

 private:
  std::vector<Part> parts_;
};

/// Returns the form as a body. Files are opened and read in the loop's executor, 256 KiB at a time,
/// while the body is sent; their sizes are asked before, so that the length is known. A file that
/// cannot be read, or is shorter by then, fails the request with an Error; of a longer one the
/// first bytes are sent. Throws InvalidRequestError for a content type with control characters.
[[nodiscard]] Body multipart(const Multipart& form);

}  // namespace aiopyr::http

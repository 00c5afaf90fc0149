#include <algorithm>
#include <string_view>

#include <aiopyr/runtime/text/form_quotes.h>
#include <aiopyr/runtime/web/forms/form_encoding.h>

namespace aiopyr {

namespace {

/// Returns the parts, fields first; each part is the text between the boundary and the line's end.
std::vector<std::string> parts_of(const MultiDict& fields, const std::vector<FileField>& files) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : fields) {
    parts.push_back("Content-Disposition: form-data; name=\"" + in_form_quotes(name) +
                    "\"\r\n\r\n" + value);
  }
  for (const FileField& file : files) {
    const std::string type =
        file.content_type.empty() ? "application/octet-stream" : file.content_type;
    parts.push_back("Content-Disposition: form-data; name=\"" + in_form_quotes(file.name) +
                    "\"; filename=\"" + in_form_quotes(file.filename) +
                    "\"\r\nContent-Type: " + type + "\r\n\r\n" + file.bytes);
  }
  return parts;
}

std::string boundary_for(const std::vector<std::string>& parts) {
  std::string boundary = "aiopyr-form-boundary";
  const auto holds = [&](const std::string& part) {
    return part.find(boundary) != std::string::npos;
  };
  while (std::any_of(parts.begin(), parts.end(), holds)) boundary += "-x";
  return boundary;
}

}  // namespace

EncodedForm encode_multipart(const MultiDict& fields, const std::vector<FileField>& files) {
  const auto parts = parts_of(fields, files);
  const std::string boundary = boundary_for(parts);
  EncodedForm form{"multipart/form-data; boundary=" + boundary, {}};
  for (const std::string& part : parts) {
    form.body.append("--").append(boundary).append("\r\n").append(part).append("\r\n");
  }
  form.body.append("--").append(boundary).append("--\r\n");
  return form;
}

}  // namespace aiopyr

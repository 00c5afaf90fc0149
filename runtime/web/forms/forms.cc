#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/forms/forms.h>

namespace aiopyr {
namespace {

constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data";

}  // namespace

std::string FileField::basename() const {
  const auto slash = filename.find_last_of("/\\");
  return slash == std::string::npos ? filename : filename.substr(slash + 1);
}

bool is_form_type(std::string_view content_type) {
  const std::string type = parse_header_value(content_type).value;
  return type == kUrlEncoded || type == kMultipart;
}

Form parse_form(std::string_view content_type, std::string_view body, const FormLimits& limits) {
  const HeaderValue type = parse_header_value(content_type);
  if (type.value == kUrlEncoded) return {parse_query(body, limits.parameters), {}};
  if (type.value != kMultipart) return {};
  const std::string* boundary = type.find("boundary");
  if (boundary == nullptr || boundary->empty()) return {};
  return parse_multipart(body, *boundary, limits);
}

}  // namespace aiopyr

// Checks that any Content-Type (up to the first NUL) and body give a form or an HTTP exception.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace {

void check(const aiopyr::Form& form, std::size_t size) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : form.fields) {
    if (aiopyr::find_utf8_error(name) || aiopyr::find_utf8_error(value)) std::abort();
    bytes += value.size();
  }
  for (const aiopyr::FileField& file : form.files) {
    if (aiopyr::find_utf8_error(file.name) || aiopyr::find_utf8_error(file.filename)) std::abort();
    bytes += file.bytes.size() + file.basename().size();
  }
  if (bytes > 2 * size) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = text.find('\0');
  const std::string_view body = end == std::string_view::npos ? text : text.substr(end + 1);
  try {
    check(parse_form(text.substr(0, end), body), size);
  } catch (const HttpException&) {
  }
  try {
    check(parse_multipart(body, "B"), size);
  } catch (const HttpException&) {
  }
  return 0;
}

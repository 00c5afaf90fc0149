// Checks that any bytes as a query and as a path give parameters or an HTTP exception, and that
// parsed ones survive being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/url.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (url_unquote(url_quote(text)) != text) std::abort();
  try {
    const MultiDict parameters = parse_query(text);
    if (parse_query(url_encode(parameters)) != parameters) std::abort();
    for (const auto& [name, value] : parameters) {
      static_cast<void>(parameters.get<double>(name, 0));
    }
  } catch (const HttpException&) {
  }
  try {
    static_cast<void>(decode_path(text));
  } catch (const HttpException&) {
  }
  return 0;
}

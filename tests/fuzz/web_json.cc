// Checks that any bytes as a JSON body give a value that can be written again, or an HTTP
// exception.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/json_parser.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr;
  try {
    const Json value = parse_json({reinterpret_cast<const char*>(data), size});
    if (parse_json(value.dump()) != value) std::abort();
  } catch (const HttpException&) {
  }
  return 0;
}

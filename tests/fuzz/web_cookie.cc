// Checks that any bytes as a Cookie header give cookies of valid text, and never throw; each
// survives being set and sent back.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/cookies.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr;
  const Cookies cookies = parse_cookies({reinterpret_cast<const char*>(data), size});
  for (const auto& [name, value] : cookies) {
    if (find_utf8_error(value)) std::abort();
    const std::string header = make_cookie(name, value, {.path = ""});
    if (parse_cookies(header) != Cookies{{name, value}}) std::abort();
  }
  return 0;
}

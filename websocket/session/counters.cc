#include <aiopyr/websocket/session/counters.h>

namespace aiopyr::websocket {
namespace {

constexpr std::array<std::string_view, CloseCounters::kKinds> kCloseNames = {
    "1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009",
    "1010", "1011", "1012", "1013", "1014", "1015", "3xxx", "4xxx", "other"};

}  // namespace

std::string_view CloseCounters::name_of(std::size_t kind) noexcept { return kCloseNames[kind]; }

std::size_t CloseCounters::kind_of(std::uint16_t code) noexcept {
  if (code >= 1000 && code <= 1015) return code - 1000U;
  if (code >= 3000 && code <= 3999) return 16;
  if (code >= 4000 && code <= 4999) return 17;
  return 18;
}

}  // namespace aiopyr::websocket

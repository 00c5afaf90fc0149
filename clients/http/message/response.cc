#include <cstdint>

#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/response.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::http {

namespace {

constexpr int kFirstError = 400;

std::optional<Duration> retry_after(const Headers& headers) {
  const auto value = headers.get("Retry-After");
  if (!value) return std::nullopt;
  const auto seconds = parse_number<std::uint32_t>(*value);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

}  // namespace

void ResponseHead::raise_for_status() const {
  if (status() < kFirstError) return;
  std::string problem = "the answer is " + std::to_string(status());
  if (!reason().empty()) problem += " " + printable(reason());
  throw StatusError(
      {.client = "http", .server = parts_.server, .operation = parts_.method + " " + parts_.path},
      problem, status(), retry_after(parts_.headers));
}

}  // namespace aiopyr::http

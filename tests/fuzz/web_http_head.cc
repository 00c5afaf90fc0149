// Checks that any bytes as a request's head are refused or have only one meaning: an accepted head
// has no bytes in which another parser could see a second request, and is the same when written
// anew.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/text/ascii.h>

namespace {

using namespace aiopyr;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string write(const HttpHead& head) {
  std::string text(head.method);
  text.append(" ").append(head.target).append(" ").append(head.version).append("\r\n");
  for (std::size_t i = 0; i < head.field_count; ++i) {
    text.append(head.fields[i].name).append(": ").append(head.fields[i].value).append("\r\n");
  }
  return text + "\r\n";
}

void check(const HttpHead& head) {
  require(is_http_token(head.method));
  require(head.target.find_first_of(std::string_view(" \t\r\n\0#", 6)) == std::string_view::npos);
  require(head.path == "*" || head.path.starts_with('/'));
  require(!(head.is_chunked && head.content_length));
  std::size_t lengths = 0;
  for (std::size_t i = 0; i < head.field_count; ++i) {
    const auto& [name, value] = head.fields[i];
    require(is_http_token(name) && name.find('_') == std::string_view::npos);
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    if (ascii_iequals(name, "Content-Length")) ++lengths;
  }
  require(lengths == (head.content_length ? 1U : 0U));
  HttpHead again;
  const std::string written = write(head);
  require(!parse_http_head(written, again).is_refused());
  require(write(again) == written);
  require(again.content_length == head.content_length && again.is_chunked == head.is_chunked);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = find_head_end(bytes);
  for (std::size_t from = 0; from < size && from < 64; ++from) {
    // The end is the same however the bytes are cut.
    if (!end || from < *end) require(find_head_end(bytes, from) == end);
  }
  HttpHead head;
  const HeadVerdict verdict = parse_http_head(bytes.substr(0, end.value_or(size)), head);
  require(status_of(verdict.error) >= 400 && !describe(verdict.error).empty());
  if (!verdict.is_refused()) check(head);
  return 0;
}

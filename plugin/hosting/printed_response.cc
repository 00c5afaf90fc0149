#include <cstddef>
#include <string_view>

#include <aiopyr/plugin/hosting/printed_response.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/http1/response_head.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::plugin {

namespace {

/// Returns whether uWSGI's options remove a field.
bool is_removed(std::string_view name) noexcept {
  for (const auto* removed = uwsgi.remove_headers; removed != nullptr; removed = removed->next) {
    if (ascii_iequals(name, {removed->value, removed->len})) return true;
  }
  // The text after the name is that of the variable.
  for (const auto* pulled = uwsgi.pull_headers; pulled != nullptr; pulled = pulled->next) {
    if (ascii_iequals(name, {pulled->value, static_cast<std::size_t>(pulled->custom)})) return true;
  }
  return false;
}

std::string head_of(const Response& response) {
  Headers sent;
  for (const auto& [name, value] : response.headers()) {
    if (!is_removed(name)) sent.add(name, value);
  }
  const ResponseHead head{
      .code = response.status_code(), .reason = response.reason(), .fields = sent.items()};
  std::string text(head.size(), '\0');
  head.write(text.data());
  for (const auto* line = uwsgi.additional_headers; line != nullptr; line = line->next) {
    text.append(line->value, line->len).append(kEndOfLine);
  }
  return text.append(kEndOfLine).substr(head.version.size() + 1);
}

}  // namespace

std::string print_response(const Response& response) {
  std::string text = head_of(response);
  std::erase(text, '\r');
  text += response.body();
  if (const auto& file = response.file_body()) {
    text += file->read(response.file_offset(), response.content_length());
  }
  if (!text.ends_with('\n') || !response.has_body()) text += '\n';
  return text;
}

}  // namespace aiopyr::plugin

#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/failures/exception_hooks.h>
#include <aiopyr/plugin/server/reload.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// The failure that uWSGI is handling, within one call of its functions. Functions that park, to
/// send an answer, have read everything by then.
struct ToldFailure {
  const Failure* failure = nullptr;
  bool with_stack = false;
};

ToldFailure told;

class Telling {
 public:
  Telling(const Failure& failure, bool with_stack) noexcept { told = {&failure, with_stack}; }
  ~Telling() { told = {}; }
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;
};

/// Hides, during a call, the options by which uwsgi_manage_exception() would exit().
class WithoutReload {
 public:
  ~WithoutReload() {
    uwsgi.reload_on_exception = any_;
    uwsgi.reload_on_exception_type = types_;
    uwsgi.reload_on_exception_value = values_;
    uwsgi.reload_on_exception_repr = reprs_;
  }
  WithoutReload() = default;
  WithoutReload(const WithoutReload&) = delete;
  WithoutReload& operator=(const WithoutReload&) = delete;

 private:
  int any_ = std::exchange(uwsgi.reload_on_exception, 0);
  uwsgi_string_list* types_ = std::exchange(uwsgi.reload_on_exception_type, nullptr);
  uwsgi_string_list* values_ = std::exchange(uwsgi.reload_on_exception_value, nullptr);
  uwsgi_string_list* reprs_ = std::exchange(uwsgi.reload_on_exception_repr, nullptr);
};

bool has_string(const uwsgi_string_list* list, std::string_view text) noexcept {
  for (; list != nullptr; list = list->next) {
    if (std::string_view(list->value, list->len) == text) return true;
  }
  return false;
}

bool asks_for_reload(const Failure& failure) noexcept {
  return uwsgi.reload_on_exception || has_string(uwsgi.reload_on_exception_type, failure.type) ||
         has_string(uwsgi.reload_on_exception_value, failure.message) ||
         has_string(uwsgi.reload_on_exception_repr, failure.repr);
}

uwsgi_buffer* make_buffer(std::string_view text) noexcept {
  uwsgi_buffer* buffer = uwsgi_buffer_new(text.size() + 1);
  if (uwsgi_buffer_append(buffer, chars(text), text.size()) == 0) return buffer;
  uwsgi_buffer_destroy(buffer);
  return nullptr;
}

/// Appends one item of a uwsgi array.
bool append_item(uwsgi_buffer* buffer, std::string_view text) noexcept {
  return uwsgi_buffer_u16le(buffer, static_cast<std::uint16_t>(text.size())) == 0 &&
         uwsgi_buffer_append(buffer, chars(text), text.size()) == 0;
}

/// Appends uWSGI's five items of a frame: file, line, function, text and one more. The line is
/// unknown, but the text is one from which addr2line finds it.
bool append_frame(uwsgi_buffer* buffer, const CodePlace& place) {
  return append_item(buffer, place.file) && append_item(buffer, "0") &&
         append_item(buffer, place.function) &&
         append_item(buffer, to_string(CodePlace{"", place.file, place.offset})) &&
         append_item(buffer, "");
}

uwsgi_buffer* make_backtrace(const Failure& failure) {
  uwsgi_buffer* buffer = uwsgi_buffer_new(4096);
  for (const CodePlace& place : failure.stack) {
    if (append_frame(buffer, place)) continue;
    uwsgi_buffer_destroy(buffer);
    return nullptr;
  }
  return buffer;
}

}  // namespace

void manage_exception(wsgi_request& request, const Failure& failure) noexcept {
  if (request.app_id < 0) return;
  {
    const Telling telling(failure, true);
    const WithoutReload without_reload;
    uwsgi_manage_exception(&request, 0);
  }
  if (asks_for_reload(failure)) reload_worker(UWSGI_EXCEPTION_CODE);
}

bool show_exception(wsgi_request& request, const Failure& failure) noexcept {
  if (!uwsgi.catch_exceptions) return false;
  const Telling telling(failure, false);
  return uwsgi_exceptions_catch(&request) == 0;
}

uwsgi_buffer* exception_class(wsgi_request*) noexcept {
  return told.failure != nullptr ? make_buffer(told.failure->type) : nullptr;
}

uwsgi_buffer* exception_message(wsgi_request*) noexcept {
  return told.failure != nullptr ? make_buffer(told.failure->message) : nullptr;
}

uwsgi_buffer* exception_repr(wsgi_request*) noexcept {
  return told.failure != nullptr ? make_buffer(told.failure->repr) : nullptr;
}

uwsgi_buffer* exception_backtrace(wsgi_request*) noexcept {
  if (told.failure == nullptr || !told.with_stack || told.failure->stack.empty()) return nullptr;
  try {
    return make_backtrace(*told.failure);
  } catch (...) {
    return nullptr;
  }
}

}  // namespace aiopyr::plugin

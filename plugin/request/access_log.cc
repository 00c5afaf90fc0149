#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <unistd.h>

#include <aiopyr/plugin/request/access_log.h>
#include <aiopyr/plugin/request/request_notes.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/request_id.h>

namespace aiopyr::plugin {

namespace {

/// The longest line. It has to be written in one piece: a pipe takes no more from one of several
/// writers atomically.
constexpr std::size_t kLongestLine = 4096;

/// The longest value that the client chose; the shorter limits apply if the line gets too long.
constexpr std::array<std::size_t, 3> kLongestValues = {1024, 256, 64};

double in_milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// Formats milliseconds with three decimals.
template <std::size_t N>
std::string_view format_milliseconds(std::array<char, N>& text, Duration duration) noexcept {
  const int size = std::snprintf(text.data(), text.size(), "%.3f", in_milliseconds(duration));
  return {text.data(), size > 0 ? std::min(static_cast<std::size_t>(size), N - 1) : 0};
}

std::string milliseconds(Duration duration) {
  std::array<char, 24> text{};
  return std::string(format_milliseconds(text, duration));
}

/// Formats a time as in RFC 3339, in UTC.
std::string moment(std::uint64_t microseconds) {
  const auto seconds = static_cast<std::time_t>(microseconds / 1'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03uZ",
                static_cast<unsigned>(microseconds / 1000 % 1000));
  return std::string(text.data()) + fraction.data();
}

/// One line of JSON: members in the order in which they are added.
class JsonLine {
 public:
  explicit JsonLine(std::size_t longest_value) : longest_(longest_value) {}

  /// Adds a value; omits it if it is unknown.
  void add_text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    const Json text(value.size() > longest_ ? std::string(value.substr(0, longest_)) + "..."
                                            : std::string(value));
    // Bytes that are not UTF-8 become U+FFFD.
    add_raw(name, text.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  void add_text(std::string_view name, const char* value, std::uint16_t size) {
    if (value != nullptr) add_text(name, {value, size});
  }
  void add_raw(std::string_view name, std::string_view value) {
    line_.append(line_.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
  }
  [[nodiscard]] std::string take() { return std::move(line_.append("}\n")); }

 private:
  std::size_t longest_;
  std::string line_;
};

std::string_view variable(wsgi_request& request, std::string_view name) {
  std::uint16_t size = 0;
  const char* value =
      uwsgi_get_var(&request, chars(name), static_cast<std::uint16_t>(name.size()), &size);
  return value != nullptr ? std::string_view(value, size) : std::string_view();
}

void add_notes(JsonLine& line, const RequestNotes& notes) {
  line.add_raw("queue_ms", milliseconds(notes.queue_time));
  line.add_text("app", notes.app);
  line.add_text("route", notes.route);
  if (notes.app_time) line.add_raw("view_ms", milliseconds(*notes.app_time));
  for (const auto& [client, calls, time] : notes.client_times) {
    line.add_raw(std::string(client) + "_calls", std::to_string(calls));
    line.add_raw(std::string(client) + "_ms", milliseconds(time));
  }
}

std::string make_line(wsgi_request& request, std::string_view id, std::size_t longest_value) {
  JsonLine line(longest_value);
  line.add_raw("time", '"' + moment(request.start_of_request) + '"');
  line.add_text("request_id", id);
  line.add_text("remote_addr", request.remote_addr, request.remote_addr_len);
  line.add_text("user", request.remote_user, request.remote_user_len);
  line.add_text("method", request.method, request.method_len);
  line.add_text("uri", request.uri, request.uri_len);
  line.add_text("protocol", request.protocol, request.protocol_len);
  line.add_text("host", request.host, request.host_len);
  line.add_raw("status", std::to_string(request.status));
  line.add_raw("bytes", std::to_string(request.response_size));
  const auto begin = request.start_of_request;
  const auto end = std::max<std::uint64_t>(request.end_of_request, begin);
  line.add_raw("request_ms", milliseconds(std::chrono::microseconds(end - begin)));
  if (const RequestNotes* notes = notes_of(request)) add_notes(line, *notes);
  line.add_text("referer", request.referer, request.referer_len);
  line.add_text("user_agent", request.user_agent, request.user_agent_len);
  line.add_raw("worker", std::to_string(uwsgi.mywid));
  return line.take();
}

/// Returns the id of a request. Requests that reached no app have none yet.
std::string id_of(wsgi_request& request) {
  const RequestNotes* notes = notes_of(request);
  if (notes != nullptr && !notes->id.empty()) return notes->id;
  return make_request_id(variable(request, "HTTP_X_REQUEST_ID"));
}

void write_line(wsgi_request& request) {
  const std::string id = id_of(request);
  std::string line;
  for (const std::size_t longest_value : kLongestValues) {
    line = make_line(request, id, longest_value);
    if (line.size() <= kLongestLine) break;
  }
  // Ignores errors, as uWSGI does: a log that cannot be written is no reason to stop.
  static_cast<void>(!::write(uwsgi.req_log_fd, line.data(), line.size()));
}

bool format_asks_for(std::string_view variable_name) noexcept {
  return uwsgi.logformat != nullptr &&
         std::string_view(uwsgi.logformat).find(variable_name) != std::string_view::npos;
}

extern "C" {

static void aiopyr_log_json(wsgi_request* request) {
  try {
    write_line(*request);
  } catch (...) {
    log_line("a request is not logged: " + describe(std::current_exception()));
  }
}

// Log variables: return the text of the variable, which has to stay until the line was written.

static ssize_t aiopyr_log_route(wsgi_request* request, char** value) {
  const RequestNotes* notes = notes_of(*request);
  if (notes == nullptr) return 0;
  *value = chars(notes->route);
  return static_cast<ssize_t>(notes->route.size());
}

static ssize_t aiopyr_log_view_ms(wsgi_request* request, char** value) {
  RequestNotes* notes = notes_of(*request);
  if (notes == nullptr || !notes->app_time) return 0;
  const std::string_view text = format_milliseconds(notes->view_text, *notes->app_time);
  *value = chars(text);
  return static_cast<ssize_t>(text.size());
}

static ssize_t aiopyr_log_queue_ms(wsgi_request* request, char** value) {
  RequestNotes* notes = notes_of(*request);
  if (notes == nullptr) return 0;
  const std::string_view text = format_milliseconds(notes->queue_text, notes->queue_time);
  *value = chars(text);
  return static_cast<ssize_t>(text.size());
}

static ssize_t aiopyr_log_request_id(wsgi_request* request, char** value) {
  RequestNotes* notes = notes_of(*request);
  if (notes == nullptr) return 0;
  try {
    if (notes->id.empty()) notes->id = id_of(*request);
  } catch (...) {
    return 0;
  }
  *value = notes->id.data();
  return static_cast<ssize_t>(notes->id.size());
}

}  // extern "C"

}  // namespace

bool log_wants_request_id() noexcept {
  static const bool wants = options().json_access_log || format_asks_for("%(request_id)");
  return wants;
}

void register_log_variables() noexcept {
  uwsgi_register_logchunk(const_cast<char*>("route"), aiopyr_log_route, 0);
  uwsgi_register_logchunk(const_cast<char*>("view_ms"), aiopyr_log_view_ms, 0);
  uwsgi_register_logchunk(const_cast<char*>("queue_ms"), aiopyr_log_queue_ms, 0);
  uwsgi_register_logchunk(const_cast<char*>("request_id"), aiopyr_log_request_id, 0);
}

void install_access_log() noexcept {
  if (!options().json_access_log) return;
  if (uwsgi.logformat != nullptr) {
    fail_start("aiopyr-access-log = json and log-format contradict each other: set one of them");
  }
  uwsgi.logit = aiopyr_log_json;
}

}  // namespace aiopyr::plugin

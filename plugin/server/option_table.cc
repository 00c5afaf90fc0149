#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <aiopyr/plugin/server/apart.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/option_list.h>
#include <aiopyr/plugin/server/option_table.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_config.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::plugin {

namespace {

/// The default of buffer-size: browsers' heads exceed uWSGI's 4 KiB as soon as a site has a few
/// cookies.
constexpr std::uint16_t kBufferSize = std::uint16_t{32} * 1024;

/// The least socket-timeout, in seconds: with less, one slow step of a client would end its
/// request.
constexpr int kLeastSocketTimeout = 30;

/// Raises socket-timeout to that, wherever the option stands: uWSGI applies options in their order,
/// and has read all of them by now.
void raise_socket_timeout() {
  uwsgi.socket_timeout = std::max(uwsgi.socket_timeout, kLeastSocketTimeout);
  for (int i = 0; i < uwsgi.exported_opts_cnt; ++i) {
    uwsgi_opt& given = *uwsgi.exported_opts[i];
    if (std::string_view(given.key) != "socket-timeout" || given.value == nullptr) continue;
    const auto seconds = parse_number<int>(given.value);
    if (seconds && *seconds < kLeastSocketTimeout) {
      given.value = uwsgi_str(chars(std::to_string(kLeastSocketTimeout)));
    }
  }
}

/// Sets uWSGI's own options as an option of the plugin requires.
void carry_out(std::string_view name) {
  if (name == "aiopyr") {
    uwsgi.async = static_cast<int>(options().cores);
    raise_socket_timeout();
    uwsgi.loop = const_cast<char*>("aiopyr");
    if (!is_option_set("buffer-size")) uwsgi.buffer_size = kBufferSize;
  }
  if (options().has_command()) stand_apart();
}

extern "C" {

static void take_option(char*, char* given, void* data) {
  const auto& option = *static_cast<const ListedOption*>(data);
  const std::string_view value = given != nullptr ? given : "";
  if (!take_value(options(), option, value)) {
    fail_start(complaint_about_value(option, value));
  }
  carry_out(option.name);
}

}  // extern "C"

int argument_type(const ListedOption& option) {
  if (std::holds_alternative<TakesNothing>(option.takes)) return no_argument;
  return std::holds_alternative<TakesPath>(option.takes) ? optional_argument : required_argument;
}

/// Returns the line of `uwsgi --help`, from which tools/option_table.py makes the table of the
/// docs.
std::string help_line(const ListedOption& option) {
  std::string line(option.help);
  const std::string expected = expectation(option);
  if (expected.empty()) return line;
  line += " (" + expected;
  if (!option.default_text.empty()) line += "; default " + option.default_text;
  return line + ")";
}

uwsgi_option make_row(const ListedOption& option, std::string& help) {
  uwsgi_option row{};
  row.name = chars(option.name);
  row.type = argument_type(option);
  row.help = help.data();
  row.func = take_option;
  row.data = const_cast<ListedOption*>(&option);
  if (option.name == "aiopyr") row.flags = UWSGI_OPT_THREADS;
  return row;
}

}  // namespace

void require_known_arguments() {
  for (int i = 1; i < uwsgi.argc && uwsgi.argv[i] != nullptr; ++i) {
    const std::string_view argument = uwsgi.argv[i];
    if (!argument.starts_with("--")) continue;
    const std::string_view name = argument.substr(2, argument.find('=') - 2);
    const std::string complaint = complaint_about_name(name);
    if (!complaint.empty()) fail_start(complaint);
  }
}

void require_known_keys() {
  for (int i = 0; i < uwsgi.exported_opts_cnt; ++i) {
    const std::string complaint = complaint_about_name(uwsgi.exported_opts[i]->key);
    if (!complaint.empty()) fail_start(complaint);
  }
}

uwsgi_option* option_table() {
  // uWSGI keeps pointers to all of it, for as long as the process lives.
  static auto& lines = *new std::deque<std::string>;
  static auto& table = *new std::vector<uwsgi_option>;
  if (table.empty()) {
    for (const ListedOption& option : option_list()) {
      table.push_back(make_row(option, lines.emplace_back(help_line(option))));
    }
    table.push_back({});
  }
  return table.data();
}

}  // namespace aiopyr::plugin

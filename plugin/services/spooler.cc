#include <cstdlib>
#include <memory>
#include <utility>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/services/hooks.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/spooler.h>

namespace aiopyr::uwsgi {

namespace {

/// uwsgidecorators' variable that names the function of a job.
constexpr const char* kFunctionVar = "ud_spool_func";

constexpr std::size_t kLongestVars = UMAX16 - 1;

std::map<std::string, SpoolFunction>& spool_functions() {
  static auto* const kept = new std::map<std::string, SpoolFunction>;
  return *kept;
}

/// Appends a string of uWSGI's dictionaries: 16 bits of length, little endian, then the bytes.
void append_sized(std::string& packet, std::string_view text) {
  packet += static_cast<char>(text.size() & 0xFFU);
  packet += static_cast<char>((text.size() >> 8U) & 0xFFU);
  packet += text;
}

void append_var(std::string& packet, std::string_view key, std::string_view value) {
  if (key.empty() || packet.size() + key.size() + value.size() + 4 > kLongestVars) {
    throw Error("spool: the variable '" + std::string(key.substr(0, 40)) +
                "' has no name or does not fit: all together have 64 KiB; use the body for more");
  }
  append_sized(packet, key);
  append_sized(packet, value);
}

bool is_reserved(std::string_view key) noexcept {
  return key == kFunctionVar || key == "spooler" || key == "priority" || key == "at";
}

void append_options(std::string& packet, const SpoolOptions& options) {
  if (!options.spooler.empty()) append_var(packet, "spooler", options.spooler);
  if (options.priority) append_var(packet, "priority", std::to_string(*options.priority));
  if (options.at) {
    const auto at = std::chrono::system_clock::to_time_t(*options.at);
    append_var(packet, "at", std::to_string(at));
  }
}

std::string pack(std::string_view name, const std::map<std::string, std::string>& vars,
                 const SpoolOptions& options) {
  std::string packet;
  append_var(packet, kFunctionVar, name);
  append_options(packet, options);
  for (const auto& [key, value] : vars) {
    if (is_reserved(key)) throw Error("spool: the name '" + key + "' is uWSGI's own");
    append_var(packet, key, value);
  }
  return packet;
}

void require_spooler(const SpoolOptions& options) {
  if (::uwsgi.spoolers == nullptr) throw Error("there is no spooler: set spooler = FOLDER");
  // The priority names a folder, which uWSGI makes if it is missing.
  if (options.priority && *options.priority < 0) {
    throw Error("spool: a priority of " + std::to_string(*options.priority) +
                ": expected 0 or more");
  }
  const std::string& folder = options.spooler;
  if (folder.empty() || uwsgi_get_spooler_by_name(plugin::chars(folder), folder.size())) return;
  throw KeyError("there is no spooler of the folder '" + folder +
                 "': give its absolute path, as uWSGI's log has it");
}

/// Takes the next string of a dictionary; a string that is cut off is empty and ends it.
std::string_view take_sized(std::string_view& packet) {
  if (packet.size() < 2) return packet = {};
  const std::size_t size = static_cast<unsigned char>(packet[0]) |
                           static_cast<std::size_t>(static_cast<unsigned char>(packet[1])) << 8U;
  if (packet.size() - 2 < size) return packet = {};
  const std::string_view text = packet.substr(2, size);
  packet.remove_prefix(2 + size);
  return text;
}

SpoolTask unpack(std::string_view file, std::string_view packet, std::string_view body) {
  SpoolTask task{std::string(file), {}, std::string(body)};
  while (!packet.empty()) {
    const std::string_view key = take_sized(packet);
    const std::string_view value = take_sized(packet);
    if (!key.empty()) task.vars.emplace(key, value);
  }
  return task;
}

}  // namespace

void spooler(std::string name, SpoolFunction function) {
  plugin::require_starting("a function of the spooler");
  const std::string shown = name;
  if (!spool_functions().emplace(std::move(name), std::move(function)).second) {
    throw ConfigurationError("there is a function '" + shown + "' of the spooler already");
  }
}

std::string spool(std::string_view name, const std::map<std::string, std::string>& vars,
                  const SpoolOptions& options) {
  require_spooler(options);
  std::string packet = pack(name, vars, options);
  const std::unique_ptr<char, decltype(&std::free)> file(
      uwsgi_spool_request(nullptr, packet.data(), packet.size(), plugin::chars(options.body),
                          options.body.size()),
      &std::free);
  if (file) return file.get();
  throw Error("the job for '" + std::string(name) +
              "' could not be written: uWSGI's log says why; is the disk full?");
}

}  // namespace aiopyr::uwsgi

namespace aiopyr::plugin {

int run_spool_task(char* file, char* vars, std::uint16_t vars_size, char* body,
                   std::size_t body_size) noexcept {
  try {
    uwsgi::SpoolTask task = uwsgi::unpack(file, {vars, vars_size}, {body, body_size});
    const auto name = task.vars.extract(uwsgi::kFunctionVar);
    if (name.empty()) return static_cast<int>(uwsgi::SpoolResult::kIgnore);
    const auto& functions = uwsgi::spool_functions();
    const auto found = functions.find(name.mapped());
    if (found == functions.end()) return static_cast<int>(uwsgi::SpoolResult::kIgnore);
    return static_cast<int>(found->second(task));
  } catch (...) {
    log_exception("job of the spooler, to be tried again", std::current_exception());
    return static_cast<int>(uwsgi::SpoolResult::kRetry);
  }
}

}  // namespace aiopyr::plugin

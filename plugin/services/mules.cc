#include <map>
#include <utility>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/services/hooks.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/mules.h>

namespace aiopyr::uwsgi {

namespace {

/// The most bytes that a mule reads at a time.
constexpr std::size_t kLongestMessage = 65536;

/// The work of the apps in mules. Never destroyed: a mule may exit() within it.
struct MuleWork {
  MuleMessageHandler on_message;
  std::map<std::string, MuleProgram, std::less<>> programs;
};

MuleWork& mule_work() {
  static auto* const kept = new MuleWork;
  return *kept;
}

void send_to_mules(int queue, std::string_view message) {
  if (message.empty() || message.size() > kLongestMessage) {
    throw Error("a message of " + std::to_string(message.size()) +
                " bytes for a mule: expected 1 to 65536; send the name of a file instead");
  }
  if (mule_send_msg(queue, plugin::chars(message), message.size()) == 0) return;
  throw Error(
      "the mules have too many messages to read, or this one is too long for their queue: raise "
      "mule-msg-size, or configure more mules");
}

void require_mules() {
  if (::uwsgi.mules_cnt < 1) throw Error("there is no mule: set mules = 1, or mule = true");
}

}  // namespace

void on_mule_msg(MuleMessageHandler handler) {
  plugin::require_starting("on_mule_msg");
  if (mule_work().on_message) {
    throw ConfigurationError("on_mule_msg: the messages of mules have a handler already");
  }
  mule_work().on_message = std::move(handler);
}

void mule(std::string name, MuleProgram program) {
  plugin::require_starting("a mule's program");
  const std::string shown = name;
  if (!mule_work().programs.emplace(std::move(name), std::move(program)).second) {
    throw ConfigurationError("there is a mule's program '" + shown + "' already");
  }
}

void mule_msg(std::string_view message, int mule) {
  require_mules();
  if (mule < 0 || mule > ::uwsgi.mules_cnt) {
    throw KeyError("there is no mule " + std::to_string(mule) + ": they are 1 to " +
                   std::to_string(::uwsgi.mules_cnt));
  }
  send_to_mules(
      mule == 0 ? ::uwsgi.shared->mule_queue_pipe[0] : ::uwsgi.mules[mule - 1].queue_pipe[0],
      message);
}

void farm_msg(std::string_view farm, std::string_view message) {
  std::string name(farm);
  const uwsgi_farm* found = ::uwsgi.farms_cnt > 0 ? get_farm_by_name(name.data()) : nullptr;
  if (found == nullptr)
    throw KeyError("there is no farm '" + name + "': set farm = " + name + ":1");
  send_to_mules(found->queue_pipe[0], message);
}

int mule_id() noexcept { return ::uwsgi.muleid; }

int worker_id() noexcept { return ::uwsgi.mywid; }

}  // namespace aiopyr::uwsgi

namespace aiopyr::plugin {

int run_mule(char* name) noexcept {
  const auto& programs = uwsgi::mule_work().programs;
  const auto found = programs.find(std::string_view(name));
  if (found == programs.end()) return 0;
  try {
    found->second();
  } catch (...) {
    log_exception("mule " + found->first, std::current_exception());
    exit(UWSGI_EXCEPTION_CODE);
  }
  return 0;
}

int handle_mule_message(char* message, std::size_t size) noexcept {
  const auto& handler = uwsgi::mule_work().on_message;
  if (!handler) return 0;
  try {
    handler({message, size});
  } catch (...) {
    log_exception("message of mule " + std::to_string(::uwsgi.muleid), std::current_exception());
  }
  return 1;
}

}  // namespace aiopyr::plugin

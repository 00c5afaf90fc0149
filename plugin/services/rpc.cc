#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <memory>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/services/hooks.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/rpc.h>

extern "C" struct uwsgi_plugin aiopyr_plugin;

namespace aiopyr::uwsgi {

namespace {

using CString = std::unique_ptr<char, decltype(&std::free)>;

/// The type, since uWSGI has a function of this name too.
using RpcEntry = struct uwsgi_rpc;

constexpr std::size_t kLongestName = UMAX8 - 2;
constexpr std::size_t kMostArguments = UMAX8 - 1;
constexpr std::size_t kLongestCall = UMAX16 - 1;

/// Returns the functions of the apps. Never destroyed: uWSGI's table points to them.
std::deque<RpcFunction>& rpc_functions() {
  static auto* const kept = new std::deque<RpcFunction>;
  return *kept;
}

/// Returns this process's part of uWSGI's table.
std::span<const RpcEntry> rpc_table() {
  if (::uwsgi.rpc_table == nullptr) return {};
  return {::uwsgi.rpc_table + static_cast<std::size_t>(::uwsgi.mywid) * ::uwsgi.rpc_max,
          static_cast<std::size_t>(::uwsgi.shared->rpc_count[::uwsgi.mywid])};
}

/// Arguments in uWSGI's form. Throws Error if they do not fit.
struct Call {
  std::string name;
  std::vector<std::string> arguments;
  std::array<char*, kMostArguments> pointers{};
  std::array<std::uint16_t, kMostArguments> sizes{};

  Call(std::string function, std::vector<std::string> with)
      : name(std::move(function)), arguments(std::move(with)) {
    std::size_t total = 2 + name.size();
    for (const std::string& argument : arguments) total += 2 + argument.size();
    if (arguments.size() > kMostArguments || total > kLongestCall) {
      throw Error("rpc " + name + ": " + std::to_string(arguments.size()) + " arguments of " +
                  std::to_string(total) + " bytes in all: at most 255 and 65535 can be sent");
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      pointers[i] = arguments[i].data();
      sizes[i] = static_cast<std::uint16_t>(arguments[i].size());
    }
  }
};

std::string call_node(std::string node, Call& call) {
  if (!call.arguments.empty() && call.arguments.back().empty()) {
    throw Error("rpc " + call.name + ": the last argument is empty, which uWSGI's nodes refuse");
  }
  const std::string address = node;  // uWSGI cuts it in two, in place
  std::uint64_t size = 0;
  const CString answer(
      uwsgi_do_rpc(node.data(), call.name.data(), static_cast<std::uint8_t>(call.arguments.size()),
                   call.pointers.data(), call.sizes.data(), &size),
      &std::free);
  if (answer) return {answer.get(), size};
  throw Error("rpc " + call.name + " at " + address +
              ": no answer; is it a uwsgi socket of an instance with the plugin rpc, has that the "
              "function, and does it return anything?");
}

/// Calls another plugin's function, of this process.
std::string call_local(const RpcEntry& function, Call& call) {
  char* answer = nullptr;
  const std::uint64_t size =
      function.plugin->rpc == nullptr
          ? 0
          : function.plugin->rpc(function.func, static_cast<std::uint8_t>(call.arguments.size()),
                                 call.pointers.data(), call.sizes.data(), &answer);
  const CString kept(answer, &std::free);
  return answer == nullptr ? std::string() : std::string(answer, size);
}

std::string call_here(Call& call) {
  for (const RpcEntry& function : rpc_table()) {
    if (call.name != function.name) continue;
    if (function.plugin != &aiopyr_plugin) return call_local(function, call);
    const std::vector<std::string_view> arguments(call.arguments.begin(), call.arguments.end());
    return (*static_cast<const RpcFunction*>(function.func))(arguments);
  }
  throw KeyError("rpc: this process has no function '" + call.name +
                 "': register_rpc() it when the app is configured, or name a node");
}

}  // namespace

void detail::register_rpc(std::string_view name, RpcFunction function) {
  std::string kept_name(name);
  if (name.empty() || name.size() > kLongestName) {
    throw ConfigurationError("register_rpc: the name '" + kept_name + "' must have 1 to 254 bytes");
  }
  auto& kept = rpc_functions().emplace_back(std::move(function));
  if (uwsgi_register_rpc(kept_name.data(), &aiopyr_plugin, 0, &kept) != 0) {
    throw ConfigurationError(
        "register_rpc: " + kept_name + " is not registered: there are rpc-max = " +
        std::to_string(::uwsgi.rpc_max) + " already, or this is neither the master nor a worker");
  }
}

std::vector<std::string> rpc_list() {
  std::vector<std::string> names;
  for (const RpcEntry& function : rpc_table()) names.emplace_back(function.name);
  return names;
}

Deferred<std::string> rpc(std::string node, std::string name, std::vector<std::string> arguments) {
  auto call = std::make_shared<Call>(std::move(name), std::move(arguments));
  auto run = [node = std::move(node), call] {
    return node.empty() ? call_here(*call) : call_node(node, *call);
  };
  return detail::wait_or_defer(std::move(run));
}

}  // namespace aiopyr::uwsgi

namespace aiopyr::plugin {

std::uint64_t call_rpc(void* function, std::uint8_t count, char** arguments, std::uint16_t* sizes,
                       char** answer) noexcept {
  try {
    std::vector<std::string_view> views;
    for (int i = 0; i < count; ++i) views.emplace_back(arguments[i], sizes[i]);
    const std::string result = (*static_cast<const uwsgi::RpcFunction*>(function))(views);
    if (result.empty()) return 0;
    *answer = static_cast<char*>(uwsgi_malloc(result.size()));
    std::memcpy(*answer, result.data(), result.size());
    return result.size();
  } catch (const CancelledError&) {
    return 0;  // the caller is gone
  } catch (...) {
    log_exception("rpc function", std::current_exception());
    return 0;
  }
}

}  // namespace aiopyr::plugin

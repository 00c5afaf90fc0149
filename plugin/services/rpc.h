#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/uwsgi/handler.h>

/// Remote procedure calls between uWSGI instances, with functions in any language: bytes in, bytes
/// out. The plugin `rpc` serves them, on a uwsgi socket or by routes.
namespace aiopyr::uwsgi {

using RpcArguments = std::span<const std::string_view>;
using RpcFunction = std::function<std::string(RpcArguments)>;

namespace detail {
void register_rpc(std::string_view name, RpcFunction function);
}

/// Lets others call `function` as `name`, shorter than 255 bytes: a function or a coroutine
/// function, of RpcArguments or of nothing, that returns a std::string. The arguments are valid
/// during the call. Called from outside it runs on a request's fiber; its exceptions are logged
/// then, and the caller gets nothing. Called within this process it runs in the context of its
/// caller, so a coroutine function is not for threads, mules and spoolers.
///
/// Called when the app is configured. Throws ConfigurationError if there are already `rpc-max`
/// (64).
template <Handles<RpcArguments> F>
void register_rpc(std::string_view name, F function) {
  detail::register_rpc(name, detail::plain_handler<std::string, RpcArguments>(std::move(function)));
}

/// Returns the functions that this process can call without a node.
[[nodiscard]] std::vector<std::string> rpc_list();

/// Calls the function `name` of the instance whose uwsgi socket is at `node` ("127.0.0.1:3031" or a
/// path; give an address, since resolving names blocks the process), or of this process if `node`
/// is empty. On a fiber the result is there at once, and the fiber is parked meanwhile; a coroutine
/// awaits it; a thread or a mule is blocked. Each step may take `socket-timeout` seconds.
///
/// All arguments together must be shorter than 64 KiB, and fewer than 256, and for a node the last
/// one must not be empty (uWSGI's parser); otherwise Error. Throws KeyError for an unknown local
/// function, the exceptions of a local function of an aiopyr app, and Error if a node gives no
/// answer, which cannot be distinguished from an empty one.
Deferred<std::string> rpc(std::string node, std::string name,
                          std::vector<std::string> arguments = {});

}  // namespace aiopyr::uwsgi

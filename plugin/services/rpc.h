#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/uwsgi/handler.h>

/// Remote procedure calls between uWSGI instances, in whatever language their functions are
/// written: bytes in, bytes out. The plugin `rpc` serves them, on a uwsgi socket or by routes.
namespace aiopyr::uwsgi {

using RpcArguments = std::span<const std::string_view>;
using RpcFunction = std::function<std::string(RpcArguments)>;

namespace detail {
void register_rpc(std::string_view name, RpcFunction function);
}

/// Lets others call `function` as `name`, shorter than 255 bytes: a function or a coroutine
/// function, of RpcArguments or of nothing, that returns a std::string. The arguments are valid
/// during the call. Asked from outside it runs on a request's fiber; what it throws is logged then,
/// and the caller gets nothing. Called within this process it runs where its caller is, so that a
/// coroutine function is not for threads, mules and spoolers.
///
/// When the app is configured. Throws ConfigurationError where there are `rpc-max` (64) already.
template <Handles<RpcArguments> F>
void register_rpc(std::string_view name, F function) {
  detail::register_rpc(name, detail::plain_handler<std::string, RpcArguments>(std::move(function)));
}

/// The functions that this process can call without a node.
[[nodiscard]] std::vector<std::string> rpc_list();

/// Calls the function `name` of the instance whose uwsgi socket is at `node` ("127.0.0.1:3031" or a
/// path; give the address: names are resolved while everybody waits), or with an empty node of this
/// process. Its result is there at once on a fiber, which is parked meanwhile; a coroutine awaits
/// it; a thread or a mule is blocked. Each step may take `socket-timeout` seconds.
///
/// All arguments together must be shorter than 64 KiB, and be fewer than 256, and for a node the
/// last one must not be empty (uWSGI's parser): else Error. Throws
/// KeyError for a local function that there is not, what a local function of an aiopyr app throws,
/// and Error where a node gives no answer; an empty one cannot be told from that.
Deferred<std::string> rpc(std::string node, std::string name,
                          std::vector<std::string> arguments = {});

}  // namespace aiopyr::uwsgi

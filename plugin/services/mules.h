#pragma once

#include <functional>
#include <string>
#include <string_view>

/// Mules: processes beside the workers (`mule = true`, `mules = N`) that get messages and signals.
/// A mule has no loop: its handlers are plain functions, called one after another, that may block.
namespace aiopyr::uwsgi {

using MuleMessageHandler = std::function<void(std::string_view message)>;
using MuleProgram = std::function<void()>;

/// Calls `handler` in each mule for every message. Its exceptions are logged. One for all apps; a
/// second registration throws ConfigurationError. Called when the app is configured, in the master.
void on_mule_msg(MuleMessageHandler handler);

/// Makes a mule that is configured by `mule = NAME` run `program` instead of waiting for messages.
/// When the program returns, the mule waits for messages; an exception ends the mule, which the
/// master starts again. Called when the app is configured, in the master.
void mule(std::string name, MuleProgram program);

/// Sends up to 64 KiB to mule number `mule`, counted from 1, or with 0 to the first free one. Any
/// thread of any process; does not wait. Throws KeyError for an unknown mule, Error if there is
/// none at all, the message is empty or too long, or the queue is full (`mule-msg-size`).
void mule_msg(std::string_view message, int mule = 0);

/// Sends a message to a mule of the farm of that name (`farm = NAME:1,2`).
void farm_msg(std::string_view farm, std::string_view message);

/// Returns the number of the mule that this process is; 0 if it is none.
[[nodiscard]] int mule_id() noexcept;

/// Returns the number of the worker that this process is; 0 in the master, a mule or a spooler.
[[nodiscard]] int worker_id() noexcept;

}  // namespace aiopyr::uwsgi

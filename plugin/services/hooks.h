#pragma once

#include <cstddef>
#include <cstdint>

namespace aiopyr::plugin {

/// The hooks of uWSGI's plugin table behind <aiopyr/uwsgi.h>: each calls what an app has registered
/// there (plugin/services). Exceptions are logged.
///
/// Does not include the services' own headers: their namespace has the name of uWSGI's variable.

/// Calls the handler with which a signal was registered. Returns 0, or -1 if it has thrown.
int handle_signal(std::uint8_t signal, void* handler) noexcept;

/// Calls a function of register_rpc. Returns the length of the answer, which uWSGI frees.
std::uint64_t call_rpc(void* function, std::uint8_t count, char** arguments, std::uint16_t* sizes,
                       char** answer) noexcept;

/// Runs the program of a mule. Returns 0: it has ended, or there is none of that name.
int run_mule(char* name) noexcept;

/// Returns 1 if an app handles the messages of mules, else 0.
int handle_mule_message(char* message, std::size_t size) noexcept;

/// Runs a job of the spooler. Returns a uwsgi::SpoolResult, 0 if no app has such a function.
int run_spool_task(char* file, char* vars, std::uint16_t vars_size, char* body,
                   std::size_t body_size) noexcept;

}  // namespace aiopyr::plugin

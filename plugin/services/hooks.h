#pragma once

#include <cstddef>
#include <cstdint>

namespace aiopyr::plugin {

/// The hooks of uWSGI's plugin table behind <aiopyr/uwsgi.h>: each calls what an app has registered
/// there (plugin/services). Exceptions end in the log.
///
/// Without the services' own headers: their namespace is called as uWSGI's one variable is.

/// Calls the handler that a signal was registered with. Returns 0, or -1 where it has thrown.
int handle_signal(std::uint8_t signal, void* handler) noexcept;

/// Calls a function of register_rpc. Returns the length of the answer, which uWSGI frees.
std::uint64_t call_rpc(void* function, std::uint8_t count, char** arguments, std::uint16_t* sizes,
                       char** answer) noexcept;

/// Runs the program of a mule. Returns 0: it is over, or there is none of that name.
int run_mule(char* name) noexcept;

/// Returns 1 where an app handles the messages of mules, else 0.
int handle_mule_message(char* message, std::size_t size) noexcept;

/// Does a job of the spooler. Returns a uwsgi::SpoolResult, 0 where no app has such a function.
int run_spool_task(char* file, char* vars, std::uint16_t vars_size, char* body,
                   std::size_t body_size) noexcept;

}  // namespace aiopyr::plugin

#pragma once

/// Adapts uWSGI's header for C++: the plugin includes it only through this file.
///
/// Includes the headers of the C library that it uses first, so that they are not within extern
/// "C", and undefines its macros with common names.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/types.h>

extern "C" {
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

// Exported, but not declared in a header.
void uwsgi_heartbeat(void);
extern void (*uwsgi_fifo_table[256])(int);
}

#undef exit

namespace aiopyr::plugin {

/// Casts a text for uWSGI's functions, which take char* even for data that they only read.
inline char* chars(std::string_view text) noexcept { return const_cast<char*>(text.data()); }

}  // namespace aiopyr::plugin

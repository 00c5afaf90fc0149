#pragma once

/// uWSGI's header, made fit for C++: the only way in which the plugin includes it.
///
/// The C library's headers that it uses come first, so that they are not read inside extern "C",
/// and the macros with everyday names that it defines are taken back.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/types.h>

extern "C" {
#include <uwsgi.h>

extern struct uwsgi_server uwsgi;

// Exported, but in no header.
void uwsgi_heartbeat(void);
extern void (*uwsgi_fifo_table[256])(int);
}

#undef exit

namespace aiopyr::plugin {

/// For uWSGI's functions, which take char* for what they only read.
inline char* chars(std::string_view text) noexcept { return const_cast<char*>(text.data()); }

}  // namespace aiopyr::plugin

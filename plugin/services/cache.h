#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// uWSGI's caches (`cache2 = name=NAME,items=1000`): shared by all processes, in memory, fast. Keys
/// and values are bytes; neither may be empty.
///
/// `cache` names one; empty for the first. Any thread of any process. A name with a node,
/// `NAME@127.0.0.1:3031`, is a cache of another instance: the call waits for it. That parks a
/// fiber, blocks a thread or a mule, and throws ScopeError in a coroutine, where it would block the
/// loop: use `co_await spawn_fiber(...)` there.
///
/// All functions throw KeyError for an unknown cache, and Error if there is none at all, or if the
/// key is empty or longer than the cache's `keysize` (2048).
namespace aiopyr::uwsgi {

/// Returns the value of `key`; nullopt if there is none, or the node does not answer.
[[nodiscard]] std::optional<std::string> cache_get(std::string_view key,
                                                   std::string_view cache = {});

/// Returns whether `key` has a value.
[[nodiscard]] bool cache_exists(std::string_view key, std::string_view cache = {});

/// Stores `value` for so long, zero for ever, unless there is one already: then returns false.
/// Throws Error if the value is empty or longer than the cache allows (`blocksize`, 64 KiB), and if
/// the cache is full.
bool cache_set(std::string_view key, std::string_view value, std::chrono::seconds expires = {},
               std::string_view cache = {});

/// Stores `value` in the same way, replacing the one that is there.
void cache_update(std::string_view key, std::string_view value, std::chrono::seconds expires = {},
                  std::string_view cache = {});

/// Removes `key`. Returns whether there was a value.
bool cache_del(std::string_view key, std::string_view cache = {});

/// Removes everything.
void cache_clear(std::string_view cache = {});

/// Adds to the number that is stored for `key`, 0 at first, without a race between processes. Such
/// values are read by cache_num(). Not for nodes.
void cache_inc(std::string_view key, std::int64_t by = 1, std::chrono::seconds expires = {},
               std::string_view cache = {});
void cache_dec(std::string_view key, std::int64_t by = 1, std::chrono::seconds expires = {},
               std::string_view cache = {});

/// Returns the number that is stored for `key`; 0 if there is none. Not for nodes.
[[nodiscard]] std::int64_t cache_num(std::string_view key, std::string_view cache = {});

}  // namespace aiopyr::uwsgi

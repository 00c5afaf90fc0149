#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// uWSGI's caches (`cache2 = name=NAME,items=1000`): shared by all processes, in memory, quick.
/// Keys and values are bytes; both must not be empty.
///
/// `cache` names one; where it is empty the first is meant. Any thread of any process. A name with
/// a node behind it, `NAME@127.0.0.1:3031`, is a cache of another instance: it is waited for, which
/// parks a fiber, blocks a thread or a mule, and throws ScopeError in a coroutine, where it would
/// hold up the loop: `co_await spawn_fiber(...)` there.
///
/// All throw KeyError for a cache that there is not, and Error where there is none at all, or where
/// the key is empty or longer than the cache's `keysize` (2048).
namespace aiopyr::uwsgi {

/// What is kept for `key`; none where there is nothing, or no answer from the node.
[[nodiscard]] std::optional<std::string> cache_get(std::string_view key,
                                                   std::string_view cache = {});

/// Whether something is kept for `key`.
[[nodiscard]] bool cache_exists(std::string_view key, std::string_view cache = {});

/// Keeps `value` for so long, zero for ever, unless there is something already: then returns false.
/// Throws Error where the value is empty or longer than the cache takes (`blocksize`, 64 KiB), and
/// where the cache is full.
bool cache_set(std::string_view key, std::string_view value, std::chrono::seconds expires = {},
               std::string_view cache = {});

/// The same in the place of what there is.
void cache_update(std::string_view key, std::string_view value, std::chrono::seconds expires = {},
                  std::string_view cache = {});

/// Forgets `key`. Returns whether there was something.
bool cache_del(std::string_view key, std::string_view cache = {});

/// Forgets everything.
void cache_clear(std::string_view cache = {});

/// Counts: adds to the number that is kept for `key`, 0 at first, without a race between processes.
/// Such values are read by cache_num(). Not for nodes.
void cache_inc(std::string_view key, std::int64_t by = 1, std::chrono::seconds expires = {},
               std::string_view cache = {});
void cache_dec(std::string_view key, std::int64_t by = 1, std::chrono::seconds expires = {},
               std::string_view cache = {});

/// The number that is kept for `key`; 0 where there is nothing. Not for nodes.
[[nodiscard]] std::int64_t cache_num(std::string_view key, std::string_view cache = {});

}  // namespace aiopyr::uwsgi

#include <cstdlib>
#include <cstring>
#include <memory>

#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/cache.h>

namespace aiopyr::uwsgi {

namespace {

uwsgi_cache& find_cache(const std::string& name) {
  if (::uwsgi.caches == nullptr) {
    throw Error("there is no cache: set cache2 = name=default,items=1000");
  }
  if (name.empty()) return *::uwsgi.caches;
  for (uwsgi_cache* cache = ::uwsgi.caches; cache != nullptr; cache = cache->next) {
    if (cache->name != nullptr && name == cache->name) return *cache;
  }
  throw KeyError("there is no cache '" + name + "': set cache2 = name=" + name + ",items=1000");
}

/// A cache and a key for uWSGI's functions, which take no const.
class Entry {
 public:
  Entry(std::string_view key, std::string_view cache) : key_(key), cache_(cache) {
    if (is_remote()) {
      plugin::require_may_wait("the cache " + cache_);
    } else {
      local_ = &find_cache(cache_);
    }
    const std::size_t longest = local_ != nullptr ? local_->keysize : UMAX16 - 1;
    if (key.empty() || key.size() > longest) {
      throw Error("a key of " + std::to_string(key.size()) + " bytes for a cache: expected 1 to " +
                  std::to_string(longest) + " (its keysize)");
    }
  }

  [[nodiscard]] bool is_remote() const { return cache_.find('@') != std::string::npos; }
  void require_local(const char* what) const {
    if (is_remote()) throw Error(std::string(what) + " is not for a cache of another instance");
  }
  /// Returns the name; null for uWSGI's first cache.
  [[nodiscard]] char* cache() { return cache_.empty() ? nullptr : cache_.data(); }
  [[nodiscard]] char* key() { return key_.data(); }
  [[nodiscard]] std::uint16_t key_size() const { return static_cast<std::uint16_t>(key_.size()); }
  [[nodiscard]] const uwsgi_cache* local() const noexcept { return local_; }
  [[nodiscard]] std::string shown() const {
    return cache_.empty() ? "the cache" : "cache " + cache_;
  }

 private:
  std::string key_;
  std::string cache_;
  const uwsgi_cache* local_ = nullptr;
};

void require_value(const Entry& entry, std::string_view value) {
  if (value.empty()) throw Error("an empty value for " + entry.shown() + ": it keeps none");
  if (entry.local() == nullptr || value.size() <= entry.local()->max_item_size) return;
  throw Error("a value of " + std::to_string(value.size()) + " bytes for " + entry.shown() +
              ", which takes " + std::to_string(entry.local()->max_item_size) +
              ": set its blocksize, or bitmap=1 to use several blocks");
}

bool store(Entry& entry, std::string_view value, std::chrono::seconds expires,
           std::uint64_t flags) {
  if (expires.count() < 0) throw Error("a cache keeps nothing for less than no time");
  return uwsgi_cache_magic_set(entry.key(), entry.key_size(), plugin::chars(value), value.size(),
                               static_cast<std::uint64_t>(expires.count()), flags,
                               entry.cache()) == 0;
}

[[noreturn]] void throw_not_stored(const Entry& entry) {
  throw Error(entry.shown() + (entry.is_remote()
                                   ? " has not taken a value: is its node there, has it the plugin "
                                     "cache, a cache of that name, and room?"
                                   : " is full: raise its items or blocks, or set purge_lru=1"));
}

void add(std::string_view key, std::int64_t by, std::chrono::seconds expires,
         std::string_view cache, std::uint64_t operation) {
  Entry entry(key, cache);
  entry.require_local("counting");
  const std::string_view number(reinterpret_cast<const char*>(&by), sizeof by);
  constexpr std::uint64_t kCount =
      (UWSGI_CACHE_FLAG_UPDATE) | (UWSGI_CACHE_FLAG_FIXEXPIRE) | (UWSGI_CACHE_FLAG_MATH);
  if (!store(entry, number, expires, kCount | operation)) throw_not_stored(entry);
}

}  // namespace

std::optional<std::string> cache_get(std::string_view key, std::string_view cache) {
  Entry entry(key, cache);
  std::uint64_t size = 0;
  const std::unique_ptr<char, decltype(&std::free)> value(
      uwsgi_cache_magic_get(entry.key(), entry.key_size(), &size, nullptr, entry.cache()),
      &std::free);
  if (!value) return std::nullopt;
  return std::string(value.get(), size);
}

bool cache_exists(std::string_view key, std::string_view cache) {
  Entry entry(key, cache);
  return uwsgi_cache_magic_exists(entry.key(), entry.key_size(), entry.cache()) != 0;
}

bool cache_set(std::string_view key, std::string_view value, std::chrono::seconds expires,
               std::string_view cache) {
  Entry entry(key, cache);
  require_value(entry, value);
  if (store(entry, value, expires, 0)) return true;
  if (!cache_exists(key, cache)) throw_not_stored(entry);
  return false;
}

void cache_update(std::string_view key, std::string_view value, std::chrono::seconds expires,
                  std::string_view cache) {
  Entry entry(key, cache);
  require_value(entry, value);
  if (!store(entry, value, expires, UWSGI_CACHE_FLAG_UPDATE)) throw_not_stored(entry);
}

bool cache_del(std::string_view key, std::string_view cache) {
  Entry entry(key, cache);
  return uwsgi_cache_magic_del(entry.key(), entry.key_size(), entry.cache()) == 0;
}

void cache_clear(std::string_view cache) {
  Entry entry("any", cache);
  if (uwsgi_cache_magic_clear(entry.cache()) == 0 || !entry.is_remote()) return;
  throw Error(entry.shown() + " is not cleared: is its node there, with the plugin cache?");
}

void cache_inc(std::string_view key, std::int64_t by, std::chrono::seconds expires,
               std::string_view cache) {
  add(key, by, expires, cache, UWSGI_CACHE_FLAG_INC);
}

void cache_dec(std::string_view key, std::int64_t by, std::chrono::seconds expires,
               std::string_view cache) {
  add(key, by, expires, cache, UWSGI_CACHE_FLAG_DEC);
}

std::int64_t cache_num(std::string_view key, std::string_view cache) {
  Entry(key, cache).require_local("counting");
  const auto value = cache_get(key, cache);
  if (!value) return 0;
  std::int64_t number = 0;
  if (value->size() != sizeof number) {
    throw Error("what is kept for this key is no number: only cache_inc and cache_dec make some");
  }
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

}  // namespace aiopyr::uwsgi

#include <algorithm>
#include <array>

#include <aiopyr/clients/redis/protocol/command_table.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::redis {

namespace {

// Sorted by name. clang-format would put each row on a line of its own.
// clang-format off
constexpr std::array kCommands = {
    CommandTraits{"ACL"}, CommandTraits{"APPEND"}, CommandTraits{"ASKING", CommandUse::kSettings},
    CommandTraits{"AUTH", CommandUse::kSettings}, CommandTraits{"BITCOUNT"},
    CommandTraits{"BITFIELD"}, CommandTraits{"BITFIELD_RO"}, CommandTraits{"BITOP"},
    CommandTraits{"BITPOS"}, CommandTraits{"BLMOVE", CommandUse::kBlocking},
    CommandTraits{"BLMPOP", CommandUse::kBlocking}, CommandTraits{"BLPOP", CommandUse::kBlocking},
    CommandTraits{"BRPOP", CommandUse::kBlocking},
    CommandTraits{"BRPOPLPUSH", CommandUse::kBlocking},
    CommandTraits{"BZMPOP", CommandUse::kBlocking},
    CommandTraits{"BZPOPMAX", CommandUse::kBlocking},
    CommandTraits{"BZPOPMIN", CommandUse::kBlocking}, CommandTraits{"CLIENT"},
    CommandTraits{"COMMAND"}, CommandTraits{"CONFIG"}, CommandTraits{"COPY"},
    CommandTraits{"DBSIZE"}, CommandTraits{"DECR"}, CommandTraits{"DECRBY"}, CommandTraits{"DEL"},
    CommandTraits{"DISCARD", CommandUse::kTransaction}, CommandTraits{"DUMP"},
    CommandTraits{"ECHO"}, CommandTraits{"EVAL"}, CommandTraits{"EVALSHA"},
    CommandTraits{"EVALSHA_RO"}, CommandTraits{"EVAL_RO"},
    CommandTraits{"EXEC", CommandUse::kTransaction}, CommandTraits{"EXISTS"},
    CommandTraits{"EXPIRE"}, CommandTraits{"EXPIREAT"}, CommandTraits{"EXPIRETIME"},
    CommandTraits{"FCALL"}, CommandTraits{"FCALL_RO"}, CommandTraits{"FLUSHALL"},
    CommandTraits{"FLUSHDB"}, CommandTraits{"FUNCTION"}, CommandTraits{"GEOADD"},
    CommandTraits{"GEODIST"}, CommandTraits{"GEOHASH"}, CommandTraits{"GEOPOS"},
    CommandTraits{"GEOSEARCH"}, CommandTraits{"GEOSEARCHSTORE"}, CommandTraits{"GET"},
    CommandTraits{"GETBIT"}, CommandTraits{"GETDEL"}, CommandTraits{"GETEX"},
    CommandTraits{"GETRANGE"}, CommandTraits{"GETSET"}, CommandTraits{"HDEL"},
    CommandTraits{"HELLO", CommandUse::kSettings}, CommandTraits{"HEXISTS"}, CommandTraits{"HGET"},
    CommandTraits{"HGETALL"}, CommandTraits{"HINCRBY"}, CommandTraits{"HINCRBYFLOAT"},
    CommandTraits{"HKEYS"}, CommandTraits{"HLEN"}, CommandTraits{"HMGET"}, CommandTraits{"HMSET"},
    CommandTraits{"HRANDFIELD"}, CommandTraits{"HSCAN"}, CommandTraits{"HSET"},
    CommandTraits{"HSETNX"}, CommandTraits{"HSTRLEN"}, CommandTraits{"HVALS"},
    CommandTraits{"INCR"}, CommandTraits{"INCRBY"}, CommandTraits{"INCRBYFLOAT"},
    CommandTraits{"INFO"}, CommandTraits{"KEYS"}, CommandTraits{"LINDEX"}, CommandTraits{"LINSERT"},
    CommandTraits{"LLEN"}, CommandTraits{"LMOVE"}, CommandTraits{"LMPOP"}, CommandTraits{"LPOP"},
    CommandTraits{"LPOS"}, CommandTraits{"LPUSH"}, CommandTraits{"LPUSHX"}, CommandTraits{"LRANGE"},
    CommandTraits{"LREM"}, CommandTraits{"LSET"}, CommandTraits{"LTRIM"}, CommandTraits{"MEMORY"},
    CommandTraits{"MGET"}, CommandTraits{"MONITOR", CommandUse::kStreaming}, CommandTraits{"MSET"},
    CommandTraits{"MSETNX"}, CommandTraits{"MULTI", CommandUse::kTransaction},
    CommandTraits{"OBJECT"}, CommandTraits{"PERSIST"}, CommandTraits{"PEXPIRE"},
    CommandTraits{"PEXPIREAT"}, CommandTraits{"PEXPIRETIME"}, CommandTraits{"PFADD"},
    CommandTraits{"PFCOUNT"}, CommandTraits{"PFMERGE"}, CommandTraits{"PING"},
    CommandTraits{"PSETEX"}, CommandTraits{"PSUBSCRIBE", CommandUse::kSubscribing},
    CommandTraits{"PSYNC", CommandUse::kStreaming}, CommandTraits{"PTTL"}, CommandTraits{"PUBLISH"},
    CommandTraits{"PUBSUB"}, CommandTraits{"PUNSUBSCRIBE", CommandUse::kSubscribing},
    CommandTraits{"QUIT", CommandUse::kSettings}, CommandTraits{"RANDOMKEY"},
    CommandTraits{"READONLY", CommandUse::kSettings},
    CommandTraits{"READWRITE", CommandUse::kSettings}, CommandTraits{"RENAME"},
    CommandTraits{"RENAMENX"}, CommandTraits{"REPLCONF", CommandUse::kStreaming},
    CommandTraits{"RESET", CommandUse::kSettings}, CommandTraits{"RESTORE"}, CommandTraits{"ROLE"},
    CommandTraits{"RPOP"}, CommandTraits{"RPOPLPUSH"}, CommandTraits{"RPUSH"},
    CommandTraits{"RPUSHX"}, CommandTraits{"SADD"}, CommandTraits{"SCAN"}, CommandTraits{"SCARD"},
    CommandTraits{"SCRIPT"}, CommandTraits{"SDIFF"}, CommandTraits{"SDIFFSTORE"},
    CommandTraits{"SELECT", CommandUse::kSettings}, CommandTraits{"SENTINEL"}, CommandTraits{"SET"},
    CommandTraits{"SETBIT"}, CommandTraits{"SETEX"}, CommandTraits{"SETNX"},
    CommandTraits{"SETRANGE"}, CommandTraits{"SINTER"}, CommandTraits{"SINTERCARD"},
    CommandTraits{"SINTERSTORE"}, CommandTraits{"SISMEMBER"}, CommandTraits{"SMEMBERS"},
    CommandTraits{"SMISMEMBER"}, CommandTraits{"SMOVE"}, CommandTraits{"SORT"},
    CommandTraits{"SORT_RO"}, CommandTraits{"SPOP"}, CommandTraits{"SPUBLISH"},
    CommandTraits{"SRANDMEMBER"}, CommandTraits{"SREM"}, CommandTraits{"SSCAN"},
    CommandTraits{"SSUBSCRIBE", CommandUse::kSubscribing}, CommandTraits{"STRLEN"},
    CommandTraits{"SUBSCRIBE", CommandUse::kSubscribing}, CommandTraits{"SUNION"},
    CommandTraits{"SUNIONSTORE"}, CommandTraits{"SUNSUBSCRIBE", CommandUse::kSubscribing},
    CommandTraits{"SYNC", CommandUse::kStreaming}, CommandTraits{"TIME"}, CommandTraits{"TOUCH"},
    CommandTraits{"TTL"}, CommandTraits{"TYPE"}, CommandTraits{"UNLINK"},
    CommandTraits{"UNSUBSCRIBE", CommandUse::kSubscribing},
    CommandTraits{"UNWATCH", CommandUse::kTransaction},
    CommandTraits{"WAIT", CommandUse::kBlocking}, CommandTraits{"WAITAOF", CommandUse::kBlocking},
    CommandTraits{"WATCH", CommandUse::kTransaction}, CommandTraits{"XACK"}, CommandTraits{"XADD"},
    CommandTraits{"XAUTOCLAIM"}, CommandTraits{"XCLAIM"}, CommandTraits{"XDEL"},
    CommandTraits{"XGROUP"}, CommandTraits{"XINFO"}, CommandTraits{"XLEN"},
    CommandTraits{"XPENDING"}, CommandTraits{"XRANGE"},
    CommandTraits{"XREAD", CommandUse::kMayBlock},
    CommandTraits{"XREADGROUP", CommandUse::kMayBlock}, CommandTraits{"XREVRANGE"},
    CommandTraits{"XTRIM"}, CommandTraits{"ZADD"}, CommandTraits{"ZCARD"}, CommandTraits{"ZCOUNT"},
    CommandTraits{"ZDIFF"}, CommandTraits{"ZINCRBY"}, CommandTraits{"ZINTER"},
    CommandTraits{"ZINTERCARD"}, CommandTraits{"ZINTERSTORE"}, CommandTraits{"ZLEXCOUNT"},
    CommandTraits{"ZMPOP"}, CommandTraits{"ZMSCORE"}, CommandTraits{"ZPOPMAX"},
    CommandTraits{"ZPOPMIN"}, CommandTraits{"ZRANDMEMBER"}, CommandTraits{"ZRANGE"},
    CommandTraits{"ZRANGEBYLEX"}, CommandTraits{"ZRANGEBYSCORE"}, CommandTraits{"ZRANGESTORE"},
    CommandTraits{"ZRANK"}, CommandTraits{"ZREM"}, CommandTraits{"ZREMRANGEBYLEX"},
    CommandTraits{"ZREMRANGEBYRANK"}, CommandTraits{"ZREMRANGEBYSCORE"}, CommandTraits{"ZREVRANGE"},
    CommandTraits{"ZREVRANK"}, CommandTraits{"ZSCAN"}, CommandTraits{"ZSCORE"},
    CommandTraits{"ZUNION"}, CommandTraits{"ZUNIONSTORE"},
};
// clang-format on

constexpr CommandTraits kOther{"other"};
constexpr std::size_t kLongestName = 24;

constexpr bool is_sorted() {
  return std::is_sorted(kCommands.begin(), kCommands.end(),
                        [](const auto& a, const auto& b) { return a.name < b.name; });
}
static_assert(is_sorted());

/// Returns why a command with a second word that concerns the connection is refused.
std::string_view refusal_of_client_command(std::string_view second) noexcept {
  if (ascii_iequals(second, "REPLY")) {
    return "CLIENT REPLY is refused: without replies nobody would know whose the next one is";
  }
  if (ascii_iequals(second, "TRACKING") || ascii_iequals(second, "CACHING")) {
    return "client-side caching is not supported";
  }
  if (ascii_iequals(second, "SETNAME") || ascii_iequals(second, "SETINFO")) {
    return "the connection is shared by all callers: set client_name in the URL or the options";
  }
  return {};
}

}  // namespace

const CommandTraits& find_command(std::string_view word) noexcept {
  std::array<char, kLongestName> upper{};
  if (word.size() > upper.size()) return kOther;
  std::transform(word.begin(), word.end(), upper.begin(), ascii_upper);
  const std::string_view name(upper.data(), word.size());
  const auto* const found =
      std::lower_bound(kCommands.begin(), kCommands.end(), name,
                       [](const auto& row, std::string_view wanted) { return row.name < wanted; });
  return found != kCommands.end() && found->name == name ? *found : kOther;
}

std::string_view refusal_on_shared(const CommandTraits& traits, std::string_view second,
                                   bool blocks) noexcept {
  switch (traits.use) {
    case CommandUse::kShared:
      return traits.name == "CLIENT" ? refusal_of_client_command(second) : std::string_view();
    case CommandUse::kMayBlock:
      if (!blocks) return {};
      [[fallthrough]];
    case CommandUse::kBlocking:
      return "it would make all callers of the shared connection wait: use "
             "client.blocking_command(...), which takes a connection of its own";
    case CommandUse::kTransaction:
      return "the connection is shared by all callers: use client.transaction(), or "
             "client.watch(...) for optimistic locking";
    case CommandUse::kSubscribing:
      return "the connection is shared by all callers: use client.subscribe(...), "
             "client.psubscribe(...) or client.ssubscribe(...)";
    case CommandUse::kSettings:
      return "it would change the connection for all callers: give user, password and database in "
             "the client's URL; make a second client for another database";
    case CommandUse::kStreaming:
      return "it never ends, and would leave all callers of the shared connection without answers";
  }
  return {};
}

}  // namespace aiopyr::redis

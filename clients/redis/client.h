#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/call.h>
#include <aiopyr/clients/redis/channels/subscription.h>
#include <aiopyr/clients/redis/options.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/clients/redis/protocol/value.h>
#include <aiopyr/clients/redis/scan.h>
#include <aiopyr/clients/redis/script.h>
#include <aiopyr/clients/redis/streams.h>
#include <aiopyr/clients/redis/watch.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis {

/// Options of SET: Redis' options of the same names.
struct SetOptions {
  std::optional<Seconds> expire = std::nullopt;  ///< PX; at least a millisecond
  bool only_new = false;                         ///< NX
  bool only_existing = false;                    ///< XX
  bool keep_ttl = false;                         ///< KEEPTTL
};

/// A client of one Redis server.
///
///     redis::Client redis("redis://127.0.0.1:6379/0");
///     co_await redis.set("greeting", "hello");
///     std::optional<std::string> greeting = co_await redis.get("greeting");
///
/// Commands of all callers share one connection, on which those of a turn leave in one write: no
/// caller waits for another's answer to be sent. It is made at the first command, and again after
/// it has broken; while the server is known to be away, commands fail at once (ConnectError).
///
/// Make it on the loop's thread, in a worker after the fork, and use it there, in coroutines, which
/// continue in the root context. Arguments are copied by the call; the Task sends when it is
/// awaited. A coroutine may be destroyed at any await: its command was sent or not, its answer is
/// read and dropped, and nobody else notices. To end an answer's wait early, use wait_for().
///
/// Commands throw ReplyError where the server answers with an error, ConnectError,
/// ConnectionLostError, ClientTimeoutError, ProtocolError or PoolExhaustedError (all ClientError)
/// where it does not answer, ReplyTypeError where the answer is of another type than was asked for.
/// InvalidStateError says that a command must not be sent on a shared connection, and what to use
/// instead.
///
/// The destructor closes all connections at once; what waits fails. close() drains.
class Client {
 public:
  /// Reads the URL: `redis://user:password@host:6379/0`, `rediss://` (TLS), `unix:///path?db=0`, or
  /// `redis+sentinel://host1:26379,host2/name/0`; parameters are those of Options. Connects to
  /// nothing. Throws ConfigurationError for a URL that cannot work, ScopeError without a loop.
  explicit Client(std::string_view url) : Client(url, Options()) {}
  Client(std::string_view url, Options options);
  ~Client();
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) = delete;

  /// Connects and logs in now, to find out whether that works.
  [[nodiscard]] Task<> connect();
  /// Refuses further commands, waits for the answers of those that were sent, and closes.
  [[nodiscard]] Task<> close();

  /// Sends one command and gives its reply, as a Value or converted to T (conversion.h):
  ///
  ///     auto length = co_await redis.command<std::int64_t>("STRLEN", key);
  ///
  /// Arguments: see Command.
  template <class T = Value, class... Arguments>
  [[nodiscard]] Task<T> command(std::string_view name, const Arguments&... arguments) {
    return run<T>(Command(name, arguments...));
  }
  template <class T = Value>
  [[nodiscard]] Task<T> run(Command command) {
    detail::ClientCore::require_shareable(command);
    return detail::run<T>(core_, std::move(command));
  }

  /// Sends several commands in one write. Gives the replies in order; one that is an error does not
  /// stop the others, and is a Value of kError here.
  [[nodiscard]] Task<std::vector<Value>> pipeline(std::vector<Command> commands) {
    return detail::run_many(core_, std::move(commands));
  }
  /// Does the same and converts each reply; throws the first that is an error:
  ///
  ///     auto [name, count] = co_await redis.pipeline<std::string, std::int64_t>(
  ///         Command("GET", "name"), Command("INCR", "count"));
  template <class... T, class... Commands>
  requires(sizeof...(T) > 0) [[nodiscard]] Task<std::tuple<T...>> pipeline(Commands... commands) {
    return detail::convert_all<T...>(core_, pipeline(list<T...>(std::move(commands)...)),
                                     "pipeline");
  }

  /// Does all of the commands or, where the server refuses one of them, none (MULTI, EXEC); nobody
  /// else's command comes between. One that fails as it is executed does not undo the others: its
  /// reply is a Value of kError.
  [[nodiscard]] Task<std::vector<Value>> transaction(std::vector<Command> commands) {
    return detail::run_transaction(core_, core_->shared(), std::move(commands));
  }
  template <class... T, class... Commands>
  requires(sizeof...(T) > 0)
      [[nodiscard]] Task<std::tuple<T...>> transaction(Commands... commands) {
    return detail::convert_all<T...>(core_, transaction(list<T...>(std::move(commands)...)),
                                     "transaction");
  }

  /// Watches keys on a connection of its own from the pool, for a transaction that is done only if
  /// nobody changes them meanwhile.
  template <class... Keys>
  [[nodiscard]] Task<Watch> watch(const Keys&... keys) {
    return detail::begin_watch(core_, Command("WATCH", keys...));
  }

  /// Sends a command that waits at the server (BLPOP, BZPOPMIN, XREAD with BLOCK, WAIT, ...), on a
  /// connection of its own from the pool. Waits for one at most Options::acquire_timeout, else
  /// throws PoolExhaustedError; then as long as the command says. Cancelling it closes that
  /// connection, so that what the server pops afterwards is lost as with any client that goes away.
  template <class T = Value, class... Arguments>
  [[nodiscard]] Task<T> blocking_command(std::string_view name, const Arguments&... arguments) {
    return run_blocking_command<T>(Command(name, arguments...));
  }
  template <class T = Value>
  [[nodiscard]] Task<T> run_blocking_command(Command command) {
    detail::ClientCore::require_poolable(command);
    const std::string_view name = command.name();
    return detail::convert_result<T>(core_, name, detail::run_alone(core_, std::move(command)));
  }

  /// Runs a script by its hash, and loads it where the server does not know it yet. `keys` is a
  /// range.
  template <class T = Value, class Keys, class... Arguments>
  [[nodiscard]] Task<T> eval(const Script& script, const Keys& keys,
                             const Arguments&... arguments) {
    Command command("EVALSHA", script.hash(), std::size(keys), keys, arguments...);
    return detail::convert_result<T>(core_, "EVALSHA",
                                     detail::run_script(core_, script, std::move(command)));
  }

  // --- Strings and keys

  [[nodiscard]] Task<std::optional<std::string>> get(std::string_view key);
  /// Stores a value, and forgets when the key was to expire.
  template <class T>
  [[nodiscard]] Task<void> set(std::string_view key, const T& value) {
    return command<void>("SET", key, value);
  }
  /// Returns whether it was stored, which only_new and only_existing may prevent. Name the options
  /// before the call: g++ 12 miscompiles a temporary in an awaited call.
  template <class T>
  [[nodiscard]] Task<bool> set(std::string_view key, const T& value, const SetOptions& options) {
    return run<bool>(with_options(Command("SET", key, value), options));
  }
  /// Takes one key or several; returns how many there were.
  template <class... Keys>
  [[nodiscard]] Task<std::int64_t> del(const Keys&... keys) {
    return command<std::int64_t>("DEL", keys...);
  }
  template <class... Keys>
  [[nodiscard]] Task<std::int64_t> exists(const Keys&... keys) {
    return command<std::int64_t>("EXISTS", keys...);
  }
  /// Returns whether there is such a key.
  [[nodiscard]] Task<bool> expire(std::string_view key, Seconds after);
  [[nodiscard]] Task<std::int64_t> incr(std::string_view key, std::int64_t by = 1);

  /// Returns the keys of the database, a batch at a time.
  [[nodiscard]] Scan scan() { return Scan(core_, ScanOptions()); }
  [[nodiscard]] Scan scan(ScanOptions options) { return Scan(core_, std::move(options)); }

  // --- Hashes

  [[nodiscard]] Task<std::optional<std::string>> hget(std::string_view key, std::string_view field);
  /// Takes fields and values by turns, or a map; returns how many fields are new.
  template <class... Fields>
  [[nodiscard]] Task<std::int64_t> hset(std::string_view key, const Fields&... fields) {
    return command<std::int64_t>("HSET", key, fields...);
  }
  [[nodiscard]] Task<std::map<std::string, std::string>> hgetall(std::string_view key);

  // --- Lists

  /// Return the list's new length.
  template <class... Values>
  [[nodiscard]] Task<std::int64_t> lpush(std::string_view key, const Values&... values) {
    return command<std::int64_t>("LPUSH", key, values...);
  }
  template <class... Values>
  [[nodiscard]] Task<std::int64_t> rpush(std::string_view key, const Values&... values) {
    return command<std::int64_t>("RPUSH", key, values...);
  }
  [[nodiscard]] Task<std::vector<std::string>> lrange(std::string_view key, std::int64_t first,
                                                      std::int64_t last);

  // --- Sets and sorted sets

  template <class... Members>
  [[nodiscard]] Task<std::int64_t> sadd(std::string_view key, const Members&... members) {
    return command<std::int64_t>("SADD", key, members...);
  }
  [[nodiscard]] Task<std::vector<std::string>> smembers(std::string_view key);
  [[nodiscard]] Task<std::int64_t> zadd(std::string_view key, double score,
                                        std::string_view member);
  /// Returns members and scores by rank, from `first` to `last`; -1 is the last of all.
  [[nodiscard]] Task<std::vector<std::pair<std::string, double>>> zrange(std::string_view key,
                                                                         std::int64_t first,
                                                                         std::int64_t last);

  // --- Channels

  /// Returns how many subscribers have got the message.
  [[nodiscard]] Task<std::int64_t> publish(std::string_view channel, std::string_view message);

  /// Subscribes, on the one connection that the client has for channels, and waits until the server
  /// has confirmed it: what is published from then on comes, or a gap is told. Several may
  /// subscribe to the same channel, each with a buffer of its own.
  [[nodiscard]] Task<Subscription> subscribe(std::string_view channel);
  /// Subscribes to all channels whose names match, such as `news.*`.
  [[nodiscard]] Task<Subscription> psubscribe(std::string_view pattern);
  /// Subscribes to a shard channel (Redis 7).
  [[nodiscard]] Task<Subscription> ssubscribe(std::string_view channel);

  // --- Streams

  using Streams = std::vector<std::pair<std::string, std::string>>;

  /// Adds an entry of fields and values, a map or pairs; returns its identifier.
  template <class Fields>
  [[nodiscard]] Task<std::string> xadd(std::string_view key, const Fields& fields) {
    return command<std::string>("XADD", key, "*", fields);
  }
  template <class Fields>
  [[nodiscard]] Task<std::string> xadd(std::string_view key, const Fields& fields,
                                       const StreamAddOptions& options) {
    Command command("XADD", key);
    if (options.max_length) command.add("MAXLEN").add("~").add(*options.max_length);
    command.add(options.id).add(fields);
    return run<std::string>(std::move(command));
  }
  /// Reads what follows an identifier, of each key; `$` is the newest. Empty for nothing new.
  [[nodiscard]] Task<StreamEntries> xread(const Streams& streams);
  [[nodiscard]] Task<StreamEntries> xread(const Streams& streams, const StreamReadOptions& options);
  /// Does so as a consumer of a group; `>` is what nobody of the group has got.
  [[nodiscard]] Task<StreamEntries> xreadgroup(std::string_view group, std::string_view consumer,
                                               const Streams& streams);
  [[nodiscard]] Task<StreamEntries> xreadgroup(std::string_view group, std::string_view consumer,
                                               const Streams& streams,
                                               const StreamReadOptions& options);
  /// Says that entries were handled; returns how many had not been.
  template <class... Ids>
  [[nodiscard]] Task<std::int64_t> xack(std::string_view key, std::string_view group,
                                        const Ids&... ids) {
    return command<std::int64_t>("XACK", key, group, ids...);
  }

 private:
  template <class... T, class... Commands>
  static std::vector<Command> list(Commands... commands) {
    static_assert(sizeof...(T) == sizeof...(Commands) && (std::is_same_v<Commands, Command> && ...),
                  "name one type for each Command: pipeline<A, B>(Command(...), Command(...))");
    std::vector<Command> listed;
    listed.reserve(sizeof...(commands));
    (listed.push_back(std::move(commands)), ...);
    return listed;
  }
  [[nodiscard]] Task<StreamEntries> read_streams(Command command, const StreamReadOptions& options);
  [[nodiscard]] Task<Subscription> begin(detail::ChannelKind kind, std::string_view name);
  static Command with_options(Command command, const SetOptions& options);

  std::shared_ptr<detail::ClientCore> core_;
};

}  // namespace aiopyr::redis

#include <exception>

#include <aiopyr/clients/redis/watch.h>

namespace aiopyr::redis {

Task<std::vector<Value>> Watch::finish(std::shared_ptr<detail::ClientCore> core,
                                       std::shared_ptr<detail::Lease> lease,
                                       std::vector<Command> commands, std::uint64_t session) {
  auto running = detail::run_transaction(core, lease->connection(), std::move(commands), session);
  std::vector<Value> replies;
  std::exception_ptr changed;
  try {
    replies = co_await std::move(running);
  } catch (const WatchError&) {
    changed = std::current_exception();
  }
  lease->set_clean(true);  // EXEC ends all watches, whether it has done something or not
  if (changed) std::rethrow_exception(changed);
  co_return replies;
}

namespace detail {

Task<Watch> begin_watch(std::shared_ptr<ClientCore> core, Command watching) {
  auto acquiring = Pool::acquire(core->pool(), "WATCH");
  Lease lease = co_await std::move(acquiring);
  auto running = run_on(core, lease.connection(), std::move(watching));
  const Value reply = co_await std::move(running);
  throw_if_error(*core, "WATCH", reply);
  Watch watch(core, std::move(lease));
  co_return watch;
}

}  // namespace detail
}  // namespace aiopyr::redis

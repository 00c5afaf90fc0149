#include <utility>

#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/redis/client_core.h>
#include <aiopyr/clients/redis/connector.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::redis::detail {

namespace {

Pool::Limits limits_of(const Options& options) {
  Pool::Limits limits;
  limits.connections = options.pool;
  limits.waiting = options.max_waiting;
  limits.acquire_timeout = options.acquire_timeout;
  return limits;
}

[[noreturn]] void refuse_command(const Command& command, std::string_view reason) {
  throw InvalidStateError("redis: " + std::string(command.name()) +
                          " is refused here: " + std::string(reason));
}

}  // namespace

ClientCore::ClientCore(Loop& loop, Target target)
    : loop_(loop),
      target_(std::move(target)),
      settings_(std::make_shared<const ConnectionSettings>(make_settings(target_))),
      shared_(std::make_shared<Connection>(loop_, settings_)),
      pool_(std::make_shared<Pool>(loop_, settings_, limits_of(target_.options))) {}

ClientCore::~ClientCore() { close("the client was destroyed"); }

void ClientCore::require_shareable(const Command& command) {
  const std::string_view refusal = command.refusal_on_shared();
  if (!refusal.empty()) refuse_command(command, refusal);
}

void ClientCore::require_poolable(const Command& command) {
  const CommandUse use = command.traits().use;
  if (use == CommandUse::kBlocking || use == CommandUse::kMayBlock) return;
  require_shareable(command);
}

const std::shared_ptr<Hub>& ClientCore::hub() & {
  if (is_closed_) throw ConnectError(context("SUBSCRIBE"), "the client is closed");
  if (!hub_) hub_ = Hub::make(loop_, settings_);
  return hub_;
}

void ClientCore::close(const std::string& problem) {
  is_closed_ = true;
  shared_->close(problem);
  pool_->close(problem);
  if (hub_) hub_->close(problem);
}

Task<> ClientCore::drain(std::shared_ptr<ClientCore> core) {
  if (core->shared_->pending() > 0) {
    // Answered behind all others.
    const Command ping("PING");
    auto last = std::make_shared<SingleOperation>("PING");
    core->send(last, {&ping, 1});
    core->shared_->refuse_more();
    auto answer = clients::wait<Value>(std::move(last));
    try {
      co_await answer;
    } catch (const ClientError&) {
      // The others have been told.
    }
  }
  core->close("the client is closed");
}

}  // namespace aiopyr::redis::detail

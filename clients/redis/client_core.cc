#include <utility>

#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/redis/client_core.h>
#include <aiopyr/clients/redis/connector.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::redis::detail {

ClientCore::ClientCore(Loop& loop, Target target)
    : loop_(loop),
      target_(std::move(target)),
      settings_(std::make_shared<const ConnectionSettings>(make_settings(target_))),
      shared_(std::make_shared<Connection>(loop_, settings_)) {}

ClientCore::~ClientCore() { close("the client was destroyed"); }

void ClientCore::require_shareable(const Command& command) {
  const std::string_view refusal = command.refusal_on_shared();
  if (refusal.empty()) return;
  throw InvalidStateError("redis: " + std::string(command.name()) +
                          " is refused here: " + std::string(refusal));
}

void ClientCore::close(const std::string& problem) { shared_->close(problem); }

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

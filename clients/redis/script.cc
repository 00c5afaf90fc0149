#include <aiopyr/clients/redis/script.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::redis {

Script::Script(std::string source)
    : source_(std::move(source)), hash_(HashAlgorithm("sha1").hexdigest(source_)) {}

namespace detail {

Task<Value> run_script(std::shared_ptr<ClientCore> core, Script script, Command evalsha) {
  auto first = run_on(core, core->shared(), evalsha);
  Value reply = co_await std::move(first);
  const bool is_unknown = reply.is_error() && error_code(reply.text()) == "NOSCRIPT";
  if (!is_unknown) co_return reply;
  std::vector<Command> commands;
  commands.emplace_back("SCRIPT", "LOAD", script.source());
  commands.push_back(std::move(evalsha));
  auto again = run_many(core, std::move(commands));
  std::vector<Value> replies = co_await std::move(again);
  throw_if_error(*core, "SCRIPT", replies.front());
  co_return std::move(replies.back());
}

}  // namespace detail
}  // namespace aiopyr::redis

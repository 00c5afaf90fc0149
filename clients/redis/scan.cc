#include <tuple>

#include <aiopyr/clients/redis/scan.h>

namespace aiopyr::redis {

Task<std::vector<std::string>> Scan::next_batch(std::shared_ptr<detail::ClientCore> core,
                                                ScanOptions options,
                                                std::shared_ptr<std::string> cursor,
                                                std::shared_ptr<bool> is_done) {
  Command command("SCAN", *cursor, "COUNT", options.count);
  if (!options.match.empty()) command.add("MATCH").add(options.match);
  if (!options.type.empty()) command.add("TYPE").add(options.type);
  using Answer = std::tuple<std::string, std::vector<std::string>>;
  auto running = detail::run<Answer>(core, std::move(command));
  auto [next, keys] = co_await std::move(running);
  *is_done = next == "0";
  *cursor = std::move(next);
  co_return std::move(keys);
}

}  // namespace aiopyr::redis

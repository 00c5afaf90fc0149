#include <algorithm>
#include <chrono>
#include <tuple>

#include <aiopyr/clients/redis/streams.h>

namespace aiopyr::redis {

StreamEntry Conversion<StreamEntry>::from(Value&& value) {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  auto [id, fields] = convert<std::tuple<std::string, std::optional<Fields>>>(std::move(value));
  return {std::move(id), std::move(fields).value_or(Fields())};
}

namespace detail {

namespace {

using Streams = std::vector<std::pair<std::string, std::string>>;

void add_options(Command& command, const StreamReadOptions& options) {
  if (options.count) command.add("COUNT").add(*options.count);
  if (!options.block) return;
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(options.block->duration());
  command.add("BLOCK").add(static_cast<std::int64_t>(time.count()));
}

void add_streams(Command& command, const Streams& streams) {
  command.add("STREAMS");
  for (const auto& [key, id] : streams) command.add(key);
  for (const auto& [key, id] : streams) command.add(id);
}

}  // namespace

Command xread_command(const Streams& streams, const StreamReadOptions& options) {
  Command command("XREAD");
  add_options(command, options);
  add_streams(command, streams);
  return command;
}

Command xreadgroup_command(std::string_view group, std::string_view consumer,
                           const Streams& streams, const StreamReadOptions& options) {
  Command command("XREADGROUP", "GROUP", group, consumer);
  add_options(command, options);
  if (options.no_ack) command.add("NOACK");
  add_streams(command, streams);
  return command;
}

}  // namespace detail
}  // namespace aiopyr::redis

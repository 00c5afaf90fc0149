#include <cstdint>
#include <tuple>
#include <utility>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/postgres/copy_state.h>
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/block_cache.h>

namespace aiopyr::postgres {

namespace {

using CorePointer = std::shared_ptr<detail::DatabaseCore>;

Rows rows_of(Result result) { return Rows(std::move(result)); }

std::vector<Rows> rows_of(std::vector<Result> results) {
  std::vector<Rows> answers;
  answers.reserve(results.size());
  for (Result& result : results) answers.emplace_back(std::move(result));
  return answers;
}

/// Sends an exchange on a shared connection, and waits for its answer.
template <class Answer, class Kind>
Task<Answer> ask_shared(CorePointer core, std::shared_ptr<Kind> exchange) {
  TaskContext* const context = co_await task_context();
  clients::ClientCall call(core->figures(), "postgres", exchange->operation, context);
  if (context != nullptr) exchange->deadline = context->deadline;
  exchange->may_repeat = true;
  exchange->is_shared = true;
  const auto completion = Kind::completion_of(exchange);
  try {
    core->submit(std::move(exchange));
    auto results = co_await clients::wait(completion);
    call.end(metrics::Outcome::kOk);
    co_return rows_of(std::move(results));
  } catch (...) {
    detail::end_with_error(call);
    throw;
  }
}

Task<std::string> check(CorePointer core, Task<Row> asking, unsigned processes) {
  const Row row = co_await std::move(asking);
  const auto most = row.get<std::int32_t>("most");
  const auto reserved = row.get<std::int32_t>("reserved");
  const auto [size, free] = std::tuple(core->pool().limits().size, most - reserved);
  const auto wanted = static_cast<std::int64_t>(processes) * static_cast<std::int64_t>(size);
  std::string text = wanted <= free ? "enough" : "too few";
  text += " connections: " + std::to_string(processes) +
          " processes with pool_size=" + std::to_string(size) + " may open " +
          std::to_string(wanted) + " of the " + std::to_string(free) +
          " that the server has for all its users (max_connections)";
  if (wanted > free) text += ": lower pool_size or the processes, or raise max_connections";
  co_return text;
}

}  // namespace

Database::Database(std::string_view url, NoticeHandler on_notice)
    : core_(std::make_shared<detail::DatabaseCore>(Settings::parse(url), std::move(on_notice))) {}

Database::Database(Database&&) noexcept = default;

Database& Database::operator=(Database&& other) noexcept {
  std::swap(core_, other.core_);
  return *this;
}

Database::~Database() {
  if (core_) core_->shut();
}

Task<Rows> Database::ask(std::string_view sql, Parameters parameters, const char* operation) {
  auto exchange = std::allocate_shared<SingleExchange>(
      aiopyr::detail::BlockAllocator<SingleExchange>(), core_->statement(sql, parameters),
      std::move(parameters));
  exchange->operation = operation;
  return ask_shared<Rows>(core_, std::move(exchange));
}

Task<std::vector<Rows>> Database::ask_all(Batch statements) {
  std::vector<Request> requests;
  requests.reserve(statements.size());
  for (Batch::Item& item : std::move(statements).take()) {
    requests.push_back(core_->request(item.sql, std::move(item.parameters)));
  }
  auto exchange = std::make_shared<BatchExchange>(std::move(requests));
  exchange->operation = "batch";
  return ask_shared<std::vector<Rows>>(core_, std::move(exchange));
}

Task<CopyIn> Database::copy_in(std::string sql) {
  return detail::begin_copy_in(core_, nullptr, std::move(sql));
}

Task<CopyOut> Database::copy_out(std::string sql) {
  return detail::begin_copy_out(core_, nullptr, std::move(sql));
}

Task<std::string> Database::check_capacity(unsigned processes) {
  auto asking = query_one(
      "select current_setting('max_connections')::int as most, "
      "current_setting('superuser_reserved_connections')::int as reserved");
  return check(core_, std::move(asking), processes);
}

Task<Subscription> Database::listen(std::string channel) {
  return detail::Listener::subscribe(core_, std::move(channel));
}

Task<void> Database::close(Seconds within) {
  core_->listener()->close();
  return core_->pool().close(within);
}

}  // namespace aiopyr::postgres

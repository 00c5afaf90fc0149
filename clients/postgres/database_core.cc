#include <utility>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/postgres/database_core.h>

namespace aiopyr::postgres::detail {

namespace {

using HandlerPointer = std::shared_ptr<const NoticeHandler>;

Task<std::unique_ptr<Connection>> make_connection(std::shared_ptr<const Settings> settings,
                                                  HandlerPointer on_notice) {
  auto connecting = connect(settings);
  std::unique_ptr<Connection> connection = co_await std::move(connecting);
  connection->on_notice(*on_notice);
  co_return connection;
}

Task<std::unique_ptr<clients::PooledConnection>> make_pooled(
    metrics::ClientFigures* figures, std::shared_ptr<const Settings> settings,
    HandlerPointer on_notice) {
  clients::ClientCall call(*figures, "postgres", "connect", nullptr);
  try {
    auto making = make_connection(std::move(settings), std::move(on_notice));
    std::unique_ptr<Connection> connection = co_await std::move(making);
    call.end(metrics::Outcome::kOk);
    co_return connection;
  } catch (...) {
    end_with_error(call);
    throw;
  }
}

}  // namespace

void end_with_error(clients::ClientCall& call) noexcept {
  call.end(clients::outcome_of(std::current_exception()));
}

DatabaseCore::DatabaseCore(Settings settings, NoticeHandler on_notice)
    : settings_(std::make_shared<const Settings>(std::move(settings))),
      on_notice_(std::make_shared<const NoticeHandler>(std::move(on_notice))),
      figures_(metrics::client_figures().client("postgres", settings_->name)),
      statements_(settings_->statement_cache * 4),
      pool_({"postgres", settings_->shown, "a connection"}, settings_->pool, figures_,
            [figures = &figures_, shared = settings_, handler = on_notice_] {
              return make_pooled(figures, shared, handler);
            }),
      sharer_(pool_, settings_->pipeline, figures_, [this] { return weak_from_this().lock(); }) {}

Request DatabaseCore::request(std::string_view sql, Parameters parameters) {
  StatementPointer found = statement(sql, parameters);
  return {std::move(found), std::move(parameters)};
}

Task<std::unique_ptr<Connection>> DatabaseCore::connect_alone() {
  return make_connection(settings_, on_notice_);
}

}  // namespace aiopyr::postgres::detail

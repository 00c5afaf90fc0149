#include "postgres_connection.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <netinet/in.h>
#include <stdexcept>

namespace client_floor {

namespace {

constexpr Oid kInt4 = 23;
constexpr int kMostParameters = 2;
constexpr int kBinary = 1;

struct Clear {
  void operator()(PGresult* result) const noexcept { ::PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// Puts a Sync into the buffer. Before version 17 libpq sends the buffer with each.
int put_sync(PGconn* connection) {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  return ::PQsendPipelineSync(connection);
#else
  return ::PQpipelineSync(connection);
#endif
}

}  // namespace

PostgresConnection::PostgresConnection(Loop& loop, const std::string& url, Answers& answers)
    : loop_(loop), answers_(answers), connection_(::PQconnectdb(url.c_str())) {
  check(::PQstatus(connection_.get()) == CONNECTION_OK);
  prepare("world", "select id, randomnumber from world where id = $1", 1);
  prepare("fortunes", "select id, message from fortune", 0);
  prepare("update", "update world set randomnumber = $2 where id = $1", 2);
  check(::PQsetnonblocking(connection_.get(), 1) == 0);
  check(::PQenterPipelineMode(connection_.get()) == 1);
  loop_.watch(::PQsocket(connection_.get()), *this);
}

void PostgresConnection::prepare(const char* name, const char* sql, int parameters) {
  const std::array<Oid, kMostParameters> types{kInt4, kInt4};
  const Result result(::PQprepare(connection_.get(), name, sql, parameters, types.data()));
  check(::PQresultStatus(result.get()) == PGRES_COMMAND_OK);
}

void PostgresConnection::check(bool ok) const {
  if (!ok) throw std::runtime_error(::PQerrorMessage(connection_.get()));
}

void PostgresConnection::send(const char* statement, std::initializer_list<std::uint32_t> numbers) {
  constexpr std::array<int, kMostParameters> kLengths{sizeof(std::uint32_t), sizeof(std::uint32_t)};
  constexpr std::array<int, kMostParameters> kFormats{kBinary, kBinary};
  std::array<std::uint32_t, kMostParameters> bytes{};
  std::ranges::transform(numbers, bytes.begin(),
                         [](std::uint32_t number) { return htonl(number); });
  std::array<const char*, kMostParameters> values{};
  std::ranges::transform(bytes, values.begin(), [](const std::uint32_t& number) {
    return reinterpret_cast<const char*>(&number);
  });
  check(::PQsendQueryPrepared(connection_.get(), statement, static_cast<int>(numbers.size()),
                              values.data(), kLengths.data(), kFormats.data(), kBinary) == 1);
  is_dirty_ = true;
}

void PostgresConnection::sync(Client& client, Step step) {
  check(put_sync(connection_.get()) == 1);
  in_flight_.push_back({&client, step});
}

void PostgresConnection::flush() {
  if (!is_dirty_) return;
  is_dirty_ = false;
  const int left = ::PQflush(connection_.get());
  check(left >= 0);
  if (left > 0) loop_.watch(::PQsocket(connection_.get()), *this, EPOLLIN | EPOLLOUT);
}

void PostgresConnection::on_ready(int fd, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    loop_.watch(fd, *this);
    is_dirty_ = true;
  }
  check(::PQconsumeInput(connection_.get()) == 1);
  read_results();
}

void PostgresConnection::read_results() {
  while (!in_flight_.empty() && ::PQisBusy(connection_.get()) == 0) {
    const Result result(::PQgetResult(connection_.get()));
    if (result == nullptr) continue;  // the end of one query's results
    const Expected expected = in_flight_.front();
    switch (::PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK:
        answers_.on_rows(*expected.client, *result);
        break;
      case PGRES_COMMAND_OK:
        break;
      case PGRES_PIPELINE_SYNC:
        in_flight_.pop_front();
        answers_.on_sync(*expected.client, expected.step);
        break;
      default:
        throw std::runtime_error(::PQresultErrorMessage(result.get()));
    }
  }
}

}  // namespace client_floor

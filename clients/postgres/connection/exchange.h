#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/postgres/connection/statement.h>
#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/result.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::postgres {

/// A statement with its parameters.
struct Request {
  StatementPointer statement;
  Parameters parameters;
};

/// Statements that are sent together and end with one Sync, so that an error aborts the later ones
/// of them and nothing else (PostgreSQL: Pipelining). It belongs to its connection from when it is
/// sent until the server is ready again; who asked waits for its completion, and may go away.
class Exchange {
 public:
  virtual ~Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  [[nodiscard]] virtual const Request& request(std::size_t index) const noexcept = 0;
  /// Stores the answer to one statement.
  virtual void store(std::size_t index, Result result) = 0;
  /// Gives what was stored to who waits.
  virtual void succeed() = 0;
  virtual void fail(std::exception_ptr error) = 0;
  /// Returns whether nobody waits any more.
  [[nodiscard]] virtual bool is_abandoned() const noexcept = 0;
  [[nodiscard]] virtual bool is_set() const noexcept = 0;

  /// The literal that errors show as what was asked.
  const char* operation = "query";
  /// When who asked gives up; nullopt for the connection's own limit.
  std::optional<TimePoint> deadline;
  /// When it was queued, or sent.
  TimePoint since{};
  /// Set where it is alone, not part of a transaction: it may be sent again if nothing was done.
  bool may_repeat = false;
  /// Set where other queries follow on the same connection, so that it must end as it begins:
  /// without a transaction.
  bool is_shared = false;

  /// The time that the server needs for it, by what its statements have taken so far. One that was
  /// never seen counts as one that takes long.
  [[nodiscard]] Duration usual_time() const noexcept;

  // The connection's own notes.
  std::size_t answered = 0;   ///< statements whose answers have come
  std::exception_ptr error;   ///< the first error among them
  bool is_stale = false;      ///< the error is that a statement must be prepared anew
  bool is_told_late = false;  ///< who asked was told that it takes too long
  bool has_begun = false;     ///< a transaction that one of its statements has begun is open

 protected:
  Exchange() = default;
};

inline Duration Exchange::usual_time() const noexcept {
  constexpr Duration kUnknown = std::chrono::milliseconds(20);
  Duration sum{};
  for (std::size_t i = 0; i < size(); ++i) {
    sum += request(i).statement->usual_time.value_or(kUnknown);
  }
  return sum;
}

/// One statement.
class SingleExchange final : public Exchange {
 public:
  explicit SingleExchange(Request request) noexcept : request_(std::move(request)) {}
  SingleExchange(StatementPointer statement, Parameters parameters) noexcept
      : request_{std::move(statement), std::move(parameters)} {}

  /// Returns where the answer arrives.
  [[nodiscard]] static std::shared_ptr<clients::Completion<Result>> completion_of(
      const std::shared_ptr<SingleExchange>& self) {
    return {self, &self->completion_};
  }

  [[nodiscard]] std::size_t size() const noexcept override { return 1; }
  [[nodiscard]] const Request& request(std::size_t) const noexcept override { return request_; }
  void store(std::size_t, Result result) override { result_ = std::move(result); }
  void succeed() override { completion_.succeed(std::move(result_)); }
  void fail(std::exception_ptr why) override { completion_.fail(std::move(why)); }
  [[nodiscard]] bool is_abandoned() const noexcept override { return completion_.is_abandoned(); }
  [[nodiscard]] bool is_set() const noexcept override { return completion_.is_set(); }

 private:
  Request request_;
  Result result_;
  clients::Completion<Result> completion_;
};

/// Any number of statements; none is only a Sync, which ends when all before it have.
class BatchExchange final : public Exchange {
 public:
  using Results = std::vector<Result>;

  explicit BatchExchange(std::vector<Request> requests)
      : requests_(std::move(requests)), results_(requests_.size()) {}

  [[nodiscard]] static std::shared_ptr<clients::Completion<Results>> completion_of(
      const std::shared_ptr<BatchExchange>& self) {
    return {self, &self->completion_};
  }

  [[nodiscard]] std::size_t size() const noexcept override { return requests_.size(); }
  [[nodiscard]] const Request& request(std::size_t index) const noexcept override {
    return requests_[index];
  }
  void store(std::size_t index, Result result) override { results_[index] = std::move(result); }
  void succeed() override { completion_.succeed(std::move(results_)); }
  void fail(std::exception_ptr why) override { completion_.fail(std::move(why)); }
  [[nodiscard]] bool is_abandoned() const noexcept override { return completion_.is_abandoned(); }
  [[nodiscard]] bool is_set() const noexcept override { return completion_.is_set(); }

 private:
  std::vector<Request> requests_;
  Results results_;
  clients::Completion<Results> completion_;
};

}  // namespace aiopyr::postgres

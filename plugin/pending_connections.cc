#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pace.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/shared_counters.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

PendingConnections* this_workers_connections = nullptr;

/// From how many bytes on the socket counts as readable.
void set_low_water_mark(int fd, std::size_t bytes) noexcept {
  const auto mark = static_cast<int>(bytes);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

void refuse(UnfinishedRequest& request) {
  own_counters()->refused.add();
  request.answer(to_http(busy()));
}

}  // namespace

class PendingConnections::Connection final : public ListHook {
 public:
  Connection(PendingConnections& all, UnfinishedRequest request)
      : all_(all), request_(std::move(request)) {}

  /// Its client has to send more.
  void read() {
    if (request_.awaited_body() > 0) set_low_water_mark(request_.fd(), request_.awaited_body());
    watch_.start(all_.loop_, request_.fd(), FdEvents::kRead);
    deadline_.start(all_.loop_, read_deadline());
  }

  /// It waits for a core from here on.
  void queue() {
    watch_.stop();
    queued_ = true;
    deadline_.start_after(all_.loop_, to_duration(options().queue_timeout));
  }

  /// Nothing is waited for any more.
  UnfinishedRequest& release() noexcept {
    watch_.stop();
    deadline_.stop();
    if (request_.awaited_body() > 0) set_low_water_mark(request_.fd(), 1);
    return request_;
  }

  [[nodiscard]] const UnfinishedRequest& request() const noexcept { return request_; }
  [[nodiscard]] bool is_queued() const noexcept { return queued_; }

 private:
  class Watch final : public FdWatch {
   public:
    explicit Watch(Connection& connection) noexcept : connection_(connection) {}

   private:
    void on_ready(FdEvents) override { connection_.all_.serve_or_queue(connection_); }
    Connection& connection_;
  };

  class Deadline final : public Timer {
   public:
    explicit Deadline(Connection& connection) noexcept : connection_(connection) {}

   private:
    void on_timer() override { connection_.on_deadline(); }
    Connection& connection_;
  };

  /// Later for each byte of a body that is there: a client that is merely slow goes on.
  [[nodiscard]] TimePoint read_deadline() const noexcept {
    const std::size_t bytes = request_.awaited_body() > 0 ? unread_bytes(request_.fd()) : 0;
    return request_.began() + allowance(options().read_timeout, bytes);
  }

  void on_deadline() {
    if (queued_) {
      refuse(request_);
    } else if (read_deadline() > all_.loop_.now()) {
      deadline_.start(all_.loop_, read_deadline());
      return;
    } else if (request_.is_asked()) {
      request_.answer(to_http(HTTPRequestTimeout("The request did not arrive in time.")));
    }
    all_.remove(*this);
  }

  PendingConnections& all_;
  UnfinishedRequest request_;
  bool queued_ = false;
  Watch watch_{*this};
  Deadline deadline_{*this};
};

PendingConnections::PendingConnections(Loop& loop, Serve serve)
    : loop_(loop), serve_(std::move(serve)) {
  this_workers_connections = this;
}

PendingConnections::~PendingConnections() {
  this_workers_connections = nullptr;
  for (auto* connections : {&reading_, &queue_}) {
    connections->for_each([](Connection& connection) { delete &connection; });
  }
}

PendingConnections* PendingConnections::current() noexcept { return this_workers_connections; }

void PendingConnections::add(UnfinishedRequest request) {
  auto connection = std::make_unique<Connection>(*this, std::move(request));
  connection->read();
  reading_.push_back(*connection.release());
  ++count_;
}

void PendingConnections::add_to_queue(UnfinishedRequest request) {
  if (queued_ >= options().queue) {
    refuse(request);
    return;
  }
  auto connection = std::make_unique<Connection>(*this, std::move(request));
  queue(*connection.release());
  ++count_;
}

void PendingConnections::queue(Connection& connection) {
  connection.queue();
  queue_.push_back(connection);
  ++queued_;
  own_counters()->queued.add(1);
}

void PendingConnections::use_free_cores() {
  while (!queue_.empty() && serve(queue_.front())) {
  }
}

void PendingConnections::drop_unasked() noexcept {
  reading_.for_each([this](Connection& connection) {
    if (!connection.request().is_asked()) remove(connection);
  });
}

/// Those that came before go first.
void PendingConnections::serve_or_queue(Connection& connection) {
  if (queue_.empty() && serve(connection)) return;
  if (queued_ < options().queue) {
    queue(connection);
  } else {
    refuse(connection.release());
    remove(connection);
  }
}

/// Whether there was a core for it.
bool PendingConnections::serve(Connection& connection) {
  // A worker that is paused takes on nothing new.
  if (uwsgi.workers[uwsgi.mywid].suspended) return false;
  wsgi_request* core = CoreQueue::take(connection.request().socket());
  if (core == nullptr) return false;
  const TimePoint began = connection.request().began();
  connection.release().move_to(*core);
  remove(connection);
  serve_(*core, began);
  return true;
}

void PendingConnections::remove(Connection& connection) noexcept {
  --count_;
  if (connection.is_queued()) {
    --queued_;
    own_counters()->queued.add(-1);
  }
  delete &connection;
}

}  // namespace aiopyr::plugin

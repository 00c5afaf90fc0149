#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/http/engine/multi.h>
#include <aiopyr/clients/http/engine/signal.h>
#include <aiopyr/clients/http/guard/guard.h>
#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/clients/http/message/response.h>
#include <aiopyr/clients/http/message/url.h>
#include <aiopyr/runtime/async/loop/timer.h>

struct curl_slist;

namespace aiopyr::http {

/// The proxy of a transfer. Its host is in Plan::pins.
struct ProxyUse {
  std::string url;          ///< scheme, host and port; empty for none
  std::string credentials;  ///< `user:password`, each percent-encoded
};

/// Everything that libcurl has to know of one exchange: one hop, one attempt. What it points to
/// outlives the transfer.
struct Plan {
  const ClientOptions* client = nullptr;
  std::shared_ptr<const Url> url;
  const Guard* guard = nullptr;
  std::string method;
  std::vector<std::string> header_lines;  ///< `Name: value`
  const std::string* bytes = nullptr;     ///< the body, where it is in memory
  bool is_upload_streamed = false;
  std::optional<std::uint64_t> upload_length;  ///< of a streamed body
  std::string connect_to;                      ///< CURLOPT_CONNECT_TO; empty: not needed
  std::string pins;                            ///< CURLOPT_RESOLVE; empty: not needed
  ProxyUse proxy;
  Timeouts timeouts;
  std::optional<TimePoint> deadline;
  Phase deadline_phase = Phase::kTotal;
  TimePoint asked{};  ///< when the answer was asked for
  TimePoint begun{};  ///< when the connect timeout begins
  bool is_answer_streamed = false;
  std::size_t max_body = 0;  ///< where it is not
  void* cookies = nullptr;   ///< a CURLSH; null for none
};

/// One exchange, from the connection to the last byte of the answer. Belongs to the coroutine that
/// waits for it, on the loop's thread: its destructor ends the exchange at once, and nobody else
/// notices.
class Transfer final : private Multi::Listener, private Timer {
 public:
  Transfer(std::shared_ptr<Multi> multi, Plan plan);
  ~Transfer() override;

  void start();

  /// Tells that the head has come, that bytes have come where they are streamed, or the end.
  [[nodiscard]] Signal& changed() noexcept { return changed_; }
  [[nodiscard]] bool has_head() const noexcept { return has_head_; }
  [[nodiscard]] bool is_done() const noexcept { return stage_ == Stage::kDone; }
  /// Returns the failure; null where there is none.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }
  /// Returns whether any byte of an answer has come.
  [[nodiscard]] bool has_answer() const noexcept { return head_bytes_ > 0; }
  /// Returns whether a connection was there: the server may have got the request.
  [[nodiscard]] bool has_connected() const noexcept { return was_connected_; }

  [[nodiscard]] HeadParts& head() noexcept { return head_; }
  [[nodiscard]] Headers& trailers() noexcept { return trailers_; }
  /// Returns what has come of the body, and lets libcurl go on where it waited for room.
  [[nodiscard]] std::string take_body();

  // A streamed request body.
  /// Tells that the piece which was fed has been sent.
  [[nodiscard]] Signal& has_room() noexcept { return room_; }
  [[nodiscard]] bool wants_piece() const noexcept { return piece_at_ == piece_.size(); }
  void feed(std::string piece);
  void end_upload();
  /// Ends the exchange with an error.
  void fail(std::exception_ptr error) noexcept;

  [[nodiscard]] ClientError::Context context() const;

 private:
  enum class Stage : std::uint8_t { kConnecting, kExchanging, kDone };
  struct Callbacks;
  struct FreeList {
    void operator()(curl_slist* list) const noexcept;
  };
  using List = std::unique_ptr<curl_slist, FreeList>;

  // setup_transfer.cc
  void set_up();
  [[nodiscard]] Version version() const noexcept;
  void set_up_connection();
  void set_up_tls();
  void set_up_request();
  void set_up_body();
  [[nodiscard]] static List make_list(const std::vector<std::string>& lines);

  [[nodiscard]] bool is_answered_early(int code) const noexcept;
  void on_done(int code) noexcept override;
  void on_timer() override;
  void watch_time();
  [[nodiscard]] TimePoint next_check(TimePoint now) const;
  [[nodiscard]] bool is_sending() noexcept;
  void time_out(Phase phase);
  void finish(std::exception_ptr error) noexcept;
  void stop() noexcept;
  void unpause() noexcept;
  [[noreturn]] void throw_wrong_length() const;

  /// Calls f; keeps what it throws as the transfer's error. Returns whether it threw nothing.
  template <class F>
  bool guarded(F f) noexcept;
  std::size_t note_bytes(std::size_t bytes) noexcept;
  bool on_connected(const std::string& own_address) noexcept;
  bool break_if_spoiled(const std::string& own_address) noexcept;
  bool on_header_line(std::string_view line);
  void check_lengths() const;
  void begin_head(std::string_view status_line);

  std::shared_ptr<Multi> multi_;
  Plan plan_;
  void* easy_ = nullptr;
  bool is_added_ = false;
  Stage stage_ = Stage::kConnecting;
  bool was_connected_ = false;
  bool has_head_ = false;
  bool is_receiving_paused_ = false;
  bool is_sending_paused_ = false;
  bool has_upload_ended_ = false;
  List header_list_;
  List connect_list_;
  List pin_list_;
  std::array<char, 256> detail_{};  // CURL_ERROR_SIZE

  std::string own_address_;  // of a new connection, until it has answered
  HeadParts head_;
  Headers trailers_;
  std::size_t head_bytes_ = 0;
  std::string body_;
  std::string piece_;
  std::size_t piece_at_ = 0;
  std::uint64_t fed_ = 0;
  std::exception_ptr error_;
  Signal changed_;
  Signal room_;

  TimePoint last_read_{};
  TimePoint last_write_{};
  std::int64_t written_ = 0;
};

}  // namespace aiopyr::http

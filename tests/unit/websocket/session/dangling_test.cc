#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/url/multidict.h>
#include <aiopyr/websocket/session/websocket.h>

// Checks that expressions which would refer to a destroyed object do not compile, or return a copy.

namespace aiopyr {
namespace {

/// The type of `*co_await ws.recv()`.
using Received = decltype(*std::declval<std::optional<Message>>());

static_assert(!std::convertible_to<Received, std::string_view>);
static_assert(!std::convertible_to<const Message&&, std::string_view>);
static_assert(std::convertible_to<Message&, std::string_view>);
static_assert(std::convertible_to<const Message&, std::string_view>);
// The content itself is not a reference either.
static_assert(std::same_as<decltype(std::declval<Received>().str()), std::string>);

static_assert(std::same_as<decltype(std::declval<const HandshakeInfo&>().query()["k"]),  //
                           std::string>);
static_assert(
    std::same_as<decltype(std::declval<const HandshakeInfo&>().params().getone("k")), std::string>);
static_assert(std::same_as<decltype(std::declval<const MultiDict&>()["k"]), const std::string&>);

/// Holds if a received message may be sent on, however it is held.
template <class M>
concept Sendable = requires(Websocket& ws, M&& message) {
  ws.send(std::forward<M>(message));
};
static_assert(Sendable<Received> && Sendable<Message&> && Sendable<const Message&>);

std::size_t length(std::string_view text) { return text.size(); }

TEST_CASE("A message that is kept is a text, and one that is not may be looked at at once") {
  std::optional<Message> message("four");
  const std::string_view text = *message;
  CHECK(length(*message) == text.size());
  CHECK(length((*message).view()) == 4);
  CHECK(length(Message("four").view()) == 4);
  CHECK((*std::move(message)).str() == "four");
}

TEST_CASE("A parameter of a query that is gone is a copy") {
  const auto query = [] { return MultiDict({{"k", "value"}}); };
  const auto& value = query()["k"];
  CHECK(value == "value");
}

}  // namespace
}  // namespace aiopyr

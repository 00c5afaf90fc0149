#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/url/multidict.h>
#include <aiopyr/websocket/session/websocket.h>

// Expressions whose result would refer to something that is gone do not compile, or give a copy.

namespace aiopyr {
namespace {

/// What `*co_await ws.recv()` is.
using Received = decltype(*std::declval<std::optional<Message>>());

static_assert(!std::convertible_to<Received, std::string_view>);
static_assert(!std::convertible_to<const Message&&, std::string_view>);
static_assert(std::convertible_to<Message&, std::string_view>);
static_assert(std::convertible_to<const Message&, std::string_view>);
// The content itself is no reference either.
static_assert(std::same_as<decltype(std::declval<Received>().str()), std::string>);

static_assert(std::same_as<decltype(std::declval<const HandshakeInfo&>().query()["k"]),  //
                           std::string>);
static_assert(
    std::same_as<decltype(std::declval<const HandshakeInfo&>().params().getone("k")), std::string>);
static_assert(std::same_as<decltype(std::declval<const MultiDict&>()["k"]), const std::string&>);

/// A received message may be sent on, in whatever way it is held.
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

#include <type_traits>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/testing/test_response.h>
#include <aiopyr/runtime/web/url/matchdict.h>
#include <aiopyr/runtime/web/url/multidict.h>
#include <aiopyr/runtime/web/url/url_options.h>

// Checks what a value returns of itself: a reference if it stays, a copy or nothing if it is a
// temporary, so that `const auto& x = make()["k"]` does not dangle.

namespace references_test {

using namespace aiopyr;

namespace {

template <class T>
constexpr bool kIsValue =
    !std::is_reference_v<T> && !std::is_pointer_v<T> && !std::is_same_v<T, std::string_view>;

template <class T>
T make();

template <class T>
concept HasFind = requires(T&& value) {
  std::forward<T>(value).find("k");
};
template <class T>
concept HasBegin = requires(T&& value) {
  std::forward<T>(value).begin();
};
template <class T>
concept HasText = requires(T&& value) {
  std::forward<T>(value).text();
};

static_assert(kIsValue<decltype(make<MultiDict>()["k"])>);
static_assert(kIsValue<decltype(make<MultiDict>().getone("k"))>);
static_assert(kIsValue<decltype(make<MultiDict>().items())>);
static_assert(HasFind<MultiDict&> && HasFind<const MultiDict&>);
static_assert(!HasFind<MultiDict> && !HasFind<const MultiDict>);
static_assert(HasBegin<const MultiDict&> && !HasBegin<MultiDict>);

static_assert(kIsValue<decltype(make<MatchDict>()["k"])>);
static_assert(kIsValue<decltype(make<MatchDict>().segments("k"))>);

static_assert(std::is_same_v<decltype(make<Headers>().get("k")), std::optional<std::string>>);
static_assert(kIsValue<decltype(make<Headers>().get("k", ""))>);
static_assert(std::is_same_v<decltype(make<Headers>().getall("k")), std::vector<std::string>>);
static_assert(kIsValue<decltype(make<Headers>().items())>);
static_assert(HasBegin<const Headers&> && !HasBegin<Headers>);

static_assert(kIsValue<decltype(make<Response>().headers())>);
static_assert(kIsValue<decltype(make<Response>().body())>);
static_assert(kIsValue<decltype(make<Response>().text())>);
static_assert(kIsValue<decltype(make<Response>().file_body())>);
static_assert(kIsValue<decltype(make<Response>().reason())>);
static_assert(kIsValue<decltype(make<Response>().content_type())>);
static_assert(kIsValue<decltype(make<Response>().location())>);
static_assert(kIsValue<decltype(make<Response>().etag())>);
static_assert(kIsValue<decltype(make<testing::TestResponse>().header("k"))>);
static_assert(kIsValue<decltype(make<testing::TestResponse>().url())>);
static_assert(kIsValue<decltype(make<testing::TestResponse>().asked())>);

static_assert(!HasFind<RouteValues> && HasFind<const RouteValues&>);
static_assert(!HasText<UrlValue> && HasText<const UrlValue&>);

// A value that stays returns a reference: nothing is copied.
static_assert(std::is_same_v<decltype(make<const MultiDict&>()["k"]), const std::string&>);
static_assert(std::is_same_v<decltype(make<const MatchDict&>()["k"]), const std::string&>);
static_assert(std::is_same_v<decltype(make<Response&>().headers()), Headers&>);
static_assert(std::is_same_v<decltype(make<const Response&>().body()), const std::string&>);
static_assert(std::is_same_v<decltype(make<const Headers&>().get("k", "")), std::string_view>);

MultiDict query() { return {{"k", "a value that no string has room for in itself"}}; }

Response answer() {
  Response response("a body that no string has room for in itself");
  response.headers().set("X-Name", "a value that no string has room for in itself");
  return response;
}

}  // namespace

TEST_CASE("what is read from a function's result outlives the result") {
  const auto& value = query()["k"];
  CHECK(value == query().getone("k"));
  const auto& body = answer().body();
  CHECK(body == answer().text());
  const auto name = answer().headers().get("X-Name");
  CHECK(name == value);
}

TEST_CASE("the headers of a function's result may be gone through") {
  std::size_t count = 0;
  for (const auto& [name, value] : answer().headers()) count += name == "X-Name" ? 1 : 0;
  CHECK(count == 1);
  for (const auto& [name, value] : query().items()) CHECK(name == "k");
}

}  // namespace references_test

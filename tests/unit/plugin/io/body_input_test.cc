#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/plugin/io/body_input.h>

namespace aiopyr::plugin {
namespace {

using websocket::testing::Script;
using websocket::testing::ScriptedTransport;

std::string content_of(BodyInput& input) {
  const std::size_t size = input.size();
  char* const bytes = input.release();
  std::string content(bytes, size);
  std::free(bytes);
  return content;
}

TEST_CASE("A body in chunks is read as it was sent, cut anywhere") {
  const std::string chunks = "3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n";
  for (std::size_t begun = 0; begun < chunks.size(); ++begun) {
    for (const std::size_t size : {1, 2, 7, 100}) {
      const auto script = std::make_shared<Script>();
      script->input = chunks.substr(begun);
      script->read_size = size;
      script->ends = false;
      ScriptedTransport stream(script);
      BodyInput input(std::nullopt, std::string_view(chunks).substr(0, begun));
      input.read(stream);
      CHECK(input.is_whole());
      CHECK(content_of(input) == chunks);
    }
  }
}

TEST_CASE("A malformed chunk is enough: its view says what is wrong") {
  const auto script = std::make_shared<Script>();
  script->input = "zz\r\n";
  script->ends = false;
  ScriptedTransport stream(script);
  BodyInput input(std::nullopt, "");
  input.read(stream);
  CHECK(input.is_enough());
}

TEST_CASE("Of a long body 64 KiB are read ahead") {
  const auto script = std::make_shared<Script>();
  script->input.assign(200'000, 'x');
  ScriptedTransport stream(script);
  BodyInput input(200'000, "");
  input.read(stream);
  CHECK(input.is_enough());
  CHECK_FALSE(input.is_whole());
  CHECK(input.size() == BodyInput::kMost);
}

TEST_CASE("What is read ahead is counted for as long as it is held") {
  const std::size_t before = BodyInput::memory();
  {
    const BodyInput input(10, "abc");
    CHECK(BodyInput::memory() > before);
  }
  CHECK(BodyInput::memory() == before);
}

TEST_CASE("A stream that breaks at any read ends the body") {
  for (int at = 0; at < 8; ++at) {
    const auto script = std::make_shared<Script>();
    script->input = "01234567";
    script->read_size = 1;
    script->fails_at = at;
    ScriptedTransport stream(script);
    BodyInput input(8, "");
    input.read(stream);
    CHECK(input.is_enough());
    CHECK(input.size() == static_cast<std::size_t>(at));
  }
}

}  // namespace
}  // namespace aiopyr::plugin

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/open_beneath.h>

namespace aiopyr::plugin {
namespace {

using websocket::testing::Script;
using websocket::testing::ScriptedTransport;
using Progress = OutgoingBody::Progress;

std::shared_ptr<const FileBody> file_of(const TemporaryFolder& folder, const std::string& text) {
  std::ofstream(folder.path() / "file") << text;
  detail::Descriptor opened =
      detail::open_beneath(detail::open_folder(folder.path().string()), "file");
  return FileBody::adopt(opened);
}

/// Sends to the end; returns how it ended.
Progress send_all(OutgoingBody& body) {
  for (int i = 0; i < 1000; ++i) {
    const auto progress = body.send_some();
    if (progress != Progress::kSome) return progress;
  }
  return Progress::kSome;
}

TEST_CASE("A text leaves from where it was sent before") {
  const auto script = std::make_shared<Script>();
  ScriptedTransport stream(script);
  OutgoingBody body(stream, "hello world", 6);
  CHECK(body.send_some() == Progress::kAll);
  CHECK(script->output == "world");
}

TEST_CASE("A body leaves whole through a stream that takes little and hesitates") {
  for (const bool crosses : {false, true}) {
    for (std::size_t size = 1; size < 12; ++size) {
      const auto script = std::make_shared<Script>();
      script->write_size = size;
      script->hesitates = true;
      script->crosses = crosses;
      ScriptedTransport stream(script);
      OutgoingBody body(stream, "hello world", 0);
      CHECK(body.send_some() == Progress::kSome);
      CHECK(body.wanted() == (crosses ? FdEvents::kRead : FdEvents::kWrite));
      CHECK(send_all(body) == Progress::kAll);
      CHECK(script->output == "hello world");
    }
  }
}

TEST_CASE("A stream that breaks at any write ends the body") {
  for (int at = 0; at < 11; ++at) {
    const auto script = std::make_shared<Script>();
    script->write_size = 1;
    script->fails_at = at;
    ScriptedTransport stream(script);
    OutgoingBody body(stream, "hello world", 0);
    CHECK(send_all(body) == Progress::kFailed);
    CHECK(script->output.size() == static_cast<std::size_t>(at));
  }
}

TEST_CASE("A part of a file leaves behind its head, by copies where the stream is not plain") {
  const TemporaryFolder folder;
  const auto file = file_of(folder, "0123456789");
  for (std::size_t size = 1; size < 16; ++size) {
    const auto script = std::make_shared<Script>();
    script->write_size = size;
    ScriptedTransport stream(script);
    OutgoingBody body(stream, file, 3, 5, false);
    body.put_before("head:");
    CHECK(send_all(body) == Progress::kAll);
    CHECK(script->output == "head:34567");
  }
}

TEST_CASE("A text goes on from a file at any point, and holds no memory then") {
  const TemporaryFolder folder;
  for (std::size_t sent = 0; sent < 10; ++sent) {
    const auto script = std::make_shared<Script>();
    script->write_size = 1;
    script->hesitates = true;
    ScriptedTransport stream(script);
    OutgoingBody body(stream, "0123456789", sent);
    CHECK(body.unsent_text() == std::string("0123456789").substr(sent));
    body.move_to(file_of(folder, std::string(body.unsent_text())), false);
    CHECK(body.memory() == 0);
    CHECK(body.delivered() == sent);
    CHECK(send_all(body) == Progress::kAll);
    CHECK(script->output == std::string("0123456789").substr(sent));
  }
}

TEST_CASE("A stream that breaks at any write ends a body that was moved to a file") {
  const TemporaryFolder folder;
  for (int at = 0; at < 10; ++at) {
    const auto script = std::make_shared<Script>();
    script->write_size = 1;
    script->fails_at = at;
    ScriptedTransport stream(script);
    OutgoingBody body(stream, "0123456789", 0);
    body.move_to(file_of(folder, "0123456789"), false);
    CHECK(send_all(body) == Progress::kFailed);
    CHECK(script->output.size() == static_cast<std::size_t>(at));
  }
}

TEST_CASE("The kernel copies a file to a plain stream") {
  const TemporaryFolder folder;
  const auto file = file_of(folder, "0123456789");
  const auto fds = websocket::testing::make_socketpair();
  SocketTransport stream(fds[0]);
  websocket::testing::Peer peer(fds[1]);
  OutgoingBody body(stream, file, 2, 6, true);
  CHECK(send_all(body) == Progress::kAll);
  CHECK(peer.bytes() == "234567");
}

TEST_CASE("What its client reads of what was on its way before counts as delivered") {
  const TemporaryFolder folder;
  for (const bool moves : {false, true}) {
    const auto fds = websocket::testing::make_socketpair();
    SocketTransport stream(fds[0]);
    const websocket::testing::Peer peer(fds[1]);
    const std::string before(100'000, 'b');
    const auto filled = ::send(fds[0], before.data(), before.size(), MSG_DONTWAIT);
    REQUIRE(filled > 0);
    OutgoingBody body(stream, std::string(1U << 20U, 'x'), 0);
    CHECK(body.send_some() == Progress::kSome);
    if (moves) body.move_to(file_of(folder, std::string(body.unsent_text())), true);
    const std::size_t delivered = body.delivered();
    std::string read(static_cast<std::size_t>(filled), ' ');
    CHECK(::recv(fds[1], read.data(), read.size(), 0) > 0);
    CHECK(body.delivered() > delivered);
  }
}

TEST_CASE("What its client reads of its head counts as delivered") {
  const TemporaryFolder folder;
  const auto file = file_of(folder, "0123456789");
  const auto fds = websocket::testing::make_socketpair();
  SocketTransport stream(fds[0]);
  websocket::testing::Peer peer(fds[1]);
  OutgoingBody body(stream, file, 0, 10, true);
  body.put_before(std::string(std::size_t{1} << 20U, 'h'));
  CHECK(body.send_some() == Progress::kSome);
  const std::size_t sent = peer.bytes().size();
  REQUIRE(sent > 0);
  CHECK(body.delivered() == sent);
}

TEST_CASE("A file that has become shorter is an error, not a response that looks whole") {
  const TemporaryFolder folder;
  const auto file = file_of(folder, "0123456789");
  CHECK(::truncate((folder.path() / "file").c_str(), 4) == 0);
  const auto fds = websocket::testing::make_socketpair();
  SocketTransport stream(fds[0]);
  const websocket::testing::Peer peer(fds[1]);
  OutgoingBody body(stream, file, 0, 10, true);
  CHECK_THROWS_WITH(send_all(body), Catch::Matchers::Contains("/file' could not be sent"));
}

TEST_CASE("A file that cannot be read is not said to have become shorter") {
  const TemporaryFolder folder;
  file_of(folder, "0123456789");
  detail::Descriptor write_only(::open((folder.path() / "file").c_str(), O_WRONLY | O_CLOEXEC));
  const auto script = std::make_shared<Script>();
  ScriptedTransport stream(script);
  OutgoingBody body(stream, FileBody::adopt(write_only), 0, 10, false);
  CHECK_THROWS_WITH(send_all(body), Catch::Matchers::Contains("/file' could not be read: "));
}

}  // namespace
}  // namespace aiopyr::plugin

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/failures/block_advice.h>

namespace aiopyr::plugin {
namespace {

std::string advice(std::vector<CodePlace> stack) { return std::string(advice_about(stack)); }

TEST_CASE("What to do about a blocked loop depends on what is on its stack") {
  CHECK(advice({{"__memcpy", "libc.so.6"},
                {"aiopyr::topics::Topic::deliver(int)", "aiopyr_plugin.so"}})
            .find("smaller topics") != std::string::npos);
  CHECK(advice({{"deflate", "libz.so.1"},
                {"aiopyr::websocket::Deflater::deflate()", "aiopyr_plugin.so"},
                {"aiopyr::topics::Hub::publish()", "aiopyr_plugin.so"}})
            .find("send_fragments") != std::string::npos);
  CHECK(advice({{"aiopyr::write_json(aiopyr::Json const&)", "aiopyr_plugin.so"}}).find("JSON") !=
        std::string::npos);
  CHECK(
      advice({{"__poll", "libc.so.6"}, {"uwsgi_waitfd_event", "uwsgi-core"}}).find("uWSGI's own") !=
      std::string::npos);
  CHECK(advice({{"", "python3_plugin.so"}}).find("Python") != std::string::npos);
  CHECK(advice({{"shop::compute(int)", "shop.so"}}).find("run_in_executor") != std::string::npos);
}

TEST_CASE("What the loop itself was called by gives no advice") {
  const std::string usual = advice({});
  CHECK(advice({{"shop::compute(int)", "shop.so"},
                {"aiopyr::Loop::run_once(bool)", "aiopyr_plugin.so"},
                {"uwsgi_ignition", "uwsgi-core"}}) == usual);
}

}  // namespace
}  // namespace aiopyr::plugin

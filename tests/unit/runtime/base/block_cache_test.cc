#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/block_cache.h>

using aiopyr::detail::BlockAllocator;
using aiopyr::detail::give_block;
using aiopyr::detail::take_block;

namespace {

void fill(void* block, std::size_t size) { std::memset(block, 0x5A, size); }

}  // namespace

TEST_CASE("Blocks of every size may be written from their first to their last byte", "[memory]") {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 2047U, 2048U, 2049U, 100'000U}) {
    void* const block = take_block(size);
    REQUIRE(block != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % __STDCPP_DEFAULT_NEW_ALIGNMENT__ == 0);
    fill(block, size);
    give_block(block, size);
  }
  give_block(nullptr, 64);
}

TEST_CASE("Blocks that are in use at the same time are different ones", "[memory]") {
  std::vector<void*> blocks;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) blocks.push_back(take_block(200));
    CHECK(std::set<void*>(blocks.begin(), blocks.end()).size() == blocks.size());
    for (void* const block : blocks) give_block(block, 200);
    blocks.clear();
  }
}

TEST_CASE("A block may be given back on another thread, and after what a thread keeps is gone",
          "[memory]") {
  struct GivesLate {
    void* block = nullptr;
    ~GivesLate() { give_block(block, 300); }
  };
  void* const block = take_block(300);
  std::thread([block] {
    // Made before the thread keeps anything, so destroyed after that has been freed.
    static thread_local GivesLate late;
    late.block = take_block(300);
    give_block(block, 300);
  }).join();
  void* const next = take_block(300);
  fill(next, 300);
  give_block(next, 300);
}

TEST_CASE("More than a thread keeps is freed", "[memory]") {
  constexpr std::size_t kSize = 2000;
  std::vector<void*> blocks;
  for (int i = 0; i < 2'000; ++i) blocks.push_back(take_block(kSize));
  for (void* const block : blocks) give_block(block, kSize);
  void* const next = take_block(kSize);
  fill(next, kSize);
  give_block(next, kSize);
}

TEST_CASE("A shared object may have its memory from there", "[memory]") {
  std::weak_ptr<int> watched;
  {
    const auto shared = std::allocate_shared<int>(BlockAllocator<int>(), 7);
    watched = shared;
    CHECK(*shared == 7);
  }
  CHECK(watched.expired());
}

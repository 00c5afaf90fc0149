#pragma once

#include <utility>

/// Counts its living objects, to check that each is destroyed exactly once.
class Counted {
 public:
  explicit Counted(int& alive) noexcept : alive_(&alive) { ++*alive_; }
  Counted(const Counted& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

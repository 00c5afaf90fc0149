#pragma once

namespace aiopyr::plugin {

/// The right to keep a core while its client still sends the request's body. Half of the cores, and
/// one at least, have it at a time: clients that are slow with what is not awaited without a core
/// (UnfinishedRequest) leave the other half to everybody else.
///
/// On the loop's thread.
class BodyCore {
 public:
  BodyCore() noexcept = default;
  ~BodyCore() { give_back(); }
  BodyCore(const BodyCore&) = delete;
  BodyCore& operator=(const BodyCore&) = delete;

  /// Whether take() would get one.
  [[nodiscard]] static bool is_free() noexcept;
  /// Returns whether this has one now.
  bool take() noexcept;
  /// Returns whether this had one.
  bool give_back() noexcept;

 private:
  bool is_taken_ = false;
};

}  // namespace aiopyr::plugin

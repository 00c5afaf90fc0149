#pragma once

namespace aiopyr::detail {

/// What a websocket owns for others that send to it (its subscriptions, in websocket/topics). Made
/// with the first of them, destroyed when either side closes. Loop thread only.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  /// Called when the websocket's output has taken some of what was waiting.
  virtual void on_room() = 0;
};

}  // namespace aiopyr::detail

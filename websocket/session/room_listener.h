#pragma once

namespace aiopyr::detail {

/// An object that a websocket owns for others that send to it (its subscriptions, in
/// websocket/topics). Made on their first use, destroyed when either side closes. Loop thread only.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  /// Called when the websocket's output has taken some of the waiting messages.
  virtual void on_room() = 0;
};

}  // namespace aiopyr::detail

#pragma once

/// Checks at the start whether apps of other plugins, such as uWSGI's python, fit beside ours.
namespace aiopyr::plugin {

/// Stops the start if Python would run on the loop's fibers without what it needs there: a larger
/// stack, and bodies that are read before it is called. uWSGI's plugin saves too little of an
/// interpreter that is suspended in the middle: two uploads would get each other's requests. Called
/// before the apps are loaded if each worker loads them, otherwise after that.
void require_room_for_python() noexcept;

/// Logs which apps no request can reach, and what to write instead: a plugin with modifier1 0, such
/// as python, gets all requests that are not given to another one. Called after the apps are
/// loaded.
void warn_of_unreachable_apps();

}  // namespace aiopyr::plugin

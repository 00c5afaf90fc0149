#pragma once

/// What the start has to say where other plugins, such as uWSGI's python, have apps beside ours.
namespace aiopyr::plugin {

/// Refuses to go on where Python would run on the loop's fibers, and lacks what it needs there: a
/// larger stack, and bodies that are read before it is called. uWSGI's plugin keeps too little of
/// an interpreter that is suspended in the middle: two uploads would get each other's requests.
/// Before the apps are loaded where each worker loads them, else when they are there.
void require_room_for_python() noexcept;

/// Logs which apps no request comes to, and what to write instead: a plugin with modifier1 0, as
/// python is, gets all that is not given to another one. When the apps are there.
void warn_of_unreachable_apps();

}  // namespace aiopyr::plugin

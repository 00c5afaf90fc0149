#pragma once

struct uwsgi_option;

namespace aiopyr::plugin {

/// Returns uWSGI's table of our options (option_list.h), ended by an empty row. A value that is not
/// what an option expects ends the start with one line that says so.
uwsgi_option* option_table();

/// Stops the start where the command line has an `--aiopyr-...` that is no option, before uWSGI's
/// own parser says so without the name that may be meant. When the plugin is loaded.
void require_known_arguments();

/// The same for ini files and other configuration, whose unknown keys uWSGI takes for somebody
/// else's unless it is `strict`. When all of it is read.
void require_known_keys();

}  // namespace aiopyr::plugin

#pragma once

struct uwsgi_option;

namespace aiopyr::plugin {

/// Returns uWSGI's table of our options (option_list.h), ended by an empty row. A value that an
/// option does not expect ends the start, with one line that says so.
uwsgi_option* option_table();

/// Stops the start if the command line has an unknown `--aiopyr-...`, before uWSGI's own parser
/// reports it without the name that may be meant. Called when the plugin is loaded.
void require_known_arguments();

/// Does the same for ini files and other configuration: unless it is `strict`, uWSGI ignores
/// unknown keys, which may be for other plugins. Called when all of it is read.
void require_known_keys();

}  // namespace aiopyr::plugin

#pragma once

#include <memory>
#include <sys/types.h>

#include <aiopyr/aiopyr.h>

/// An app with one endpoint for each feature of views, by topic. Each function adds the routes and
/// views of one topic; app.cc includes them all.
namespace features {

void include_where(aiopyr::Configurator& config);              // where.cc
void include_synchronize(aiopyr::Configurator& config);        // synchronize.cc
void include_executor(aiopyr::Configurator& config);           // executor.cc
void include_logging(aiopyr::Configurator& config);            // logging_tween.cc
void include_deadlines(aiopyr::Configurator& config);          // deadlines.cc
void include_views(aiopyr::Configurator& config);              // views.cc
void include_forms(aiopyr::Configurator& config);              // forms.cc
void include_responses(aiopyr::Configurator& config);          // responses.cc
void include_errors(aiopyr::Configurator& config);             // errors.cc
void include_monitoring(aiopyr::Configurator& config);         // monitoring.cc
void include_security(aiopyr::Configurator& config);           // security.cc
void include_static_files(aiopyr::Configurator& config);       // static_files.cc
void include_tree(aiopyr::Configurator& config);               // tree.cc
void include_stopping(aiopyr::Configurator& config);           // stopping.cc
void include_websockets(aiopyr::Configurator& config);         // websockets.cc
void include_websocket_closing(aiopyr::Configurator& config);  // websocket_closing.cc

/// Make resources with ACLs, as root factories: in one everyone has the permission `view`, in the
/// other only group:editors.
std::shared_ptr<aiopyr::Resource> public_folder(aiopyr::Request& request);
std::shared_ptr<aiopyr::Resource> private_folder(aiopyr::Request& request);

/// Returns the kernel's id of the calling thread.
pid_t thread_id() noexcept;

/// Describes where the caller runs: `context` ("loop", "executor", "fiber"), `thread`, and
/// `loop_thread`, the thread of the loop that serves this request.
aiopyr::Json where_am_i(aiopyr::Request& request);

}  // namespace features

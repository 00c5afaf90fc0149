#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

/// The wiki's data: plain values, for any thread.
namespace wiki {

struct User {
  std::int64_t id = 0;
  std::string name;
  std::string role;           ///< "editor" or "basic"
  std::string password_hash;  ///< see shared/passwords.h
};

/// One text that a page had.
struct Revision {
  std::int64_t number = 0;  ///< from 1
  std::string data;
  std::string editor;    ///< the name of the user who saved it
  std::string saved_at;  ///< UTC, "2026-01-31 12:00:00"
};

struct Page {
  std::int64_t id = 0;
  std::string name;
  std::int64_t creator_id = 0;
  std::string creator;
  Revision current;
};

/// Thrown when a text cannot be saved, because the page is not as its editor has seen it. Nothing
/// is lost: the page keeps its text, and the editor gets the other one back.
class EditConflict : public std::runtime_error {
 public:
  EditConflict(Page page, std::string refused)
      : std::runtime_error("the page " + page.name + " has been saved by somebody else"),
        page_(std::move(page)),
        refused_(std::move(refused)) {}

  /// Returns the page as it is now.
  [[nodiscard]] const Page& page() const noexcept { return page_; }
  /// Returns the text that was not saved.
  [[nodiscard]] const std::string& refused() const noexcept { return refused_; }

 private:
  Page page_;
  std::string refused_;
};

}  // namespace wiki

#include "examples/wiki/database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "examples/shared/passwords.h"
#include "tests/unit/support/temporary_folder.h"

using aiopyr::TemporaryFolder;
using wiki::Database;
using wiki::EditConflict;

namespace {

struct Wiki {
  TemporaryFolder folder;
  std::string path = (folder.path() / "wiki.sqlite").string();
  Database database{path};
  std::int64_t editor = 0;

  Wiki() {
    database.create();
    editor = database.find_user_by_name("editor").value().id;
  }
  wiki::Page page(const std::string& name) { return database.find_page(name).value(); }
};

}  // namespace

TEST_CASE("A new database has two users and two pages", "[examples][wiki]") {
  Wiki wiki;
  CHECK(wiki.database.find_user_by_name("editor")->role == "editor");
  CHECK(wiki.database.find_user_by_name("basic")->role == "basic");
  CHECK(wiki.page("FrontPage").creator == "editor");
  CHECK(wiki.page("BackPage").creator == "basic");
  CHECK(wiki.page("BackPage").current.number == 1);
  CHECK_FALSE(wiki.database.find_page("frontpage"));
  CHECK_FALSE(wiki.database.find_user(0));
}

TEST_CASE("Passwords are stored as argon2id hashes and checked by them", "[examples][wiki]") {
  Wiki wiki;
  const std::string hash = wiki.database.find_user(wiki.editor)->password_hash;
  CHECK(hash.starts_with("$argon2id$"));
  CHECK(shared::check_password(hash, "editor"));
  CHECK_FALSE(shared::check_password(hash, "basic"));
  CHECK_FALSE(shared::check_password(hash, ""));
  CHECK_FALSE(shared::check_password(hash, std::string("editor\0x", 8)));
  CHECK_FALSE(shared::check_password("", "editor"));
  CHECK_FALSE(shared::check_password("no hash at all", "editor"));
}

TEST_CASE("Making a database that is there changes nothing", "[examples][wiki]") {
  Wiki wiki;
  wiki.database.edit_page("FrontPage", "mine", wiki.editor, 1);
  Database again(wiki.path);
  again.create();
  CHECK(again.find_page("FrontPage")->current.data == "mine");
}

TEST_CASE("Several that make the same database at once make it once", "[examples][wiki]") {
  TemporaryFolder folder;
  const std::string path = (folder.path() / "wiki.sqlite").string();
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      try {
        Database(path).create();
      } catch (const std::exception&) {
        ++failures;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failures == 0);
  SQLite::Database connection(path);
  CHECK(connection.execAndGet("SELECT count(*) FROM users").getInt() == 2);
}

TEST_CASE("A file with other tables is refused", "[examples][wiki]") {
  TemporaryFolder folder;
  const std::string path = (folder.path() / "other.sqlite").string();
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE pages (x)");
  CHECK_THROWS_WITH(Database(path).create(), "its tables are not this wiki's");
}

TEST_CASE("An edit of the current revision makes the next one and keeps the text before",
          "[examples][wiki]") {
  Wiki wiki;
  const auto basic = wiki.database.find_user_by_name("basic").value().id;
  wiki.database.edit_page("BackPage", "second", basic, 1);
  wiki.database.edit_page("BackPage", "third", wiki.editor, 2);
  const auto page = wiki.page("BackPage");
  CHECK(page.current.number == 3);
  CHECK(page.current.editor == "editor");
  CHECK(page.creator == "basic");
  const auto revisions = wiki.database.revisions(page.id, 10);
  REQUIRE(revisions.size() == 3);
  CHECK(revisions[0].data == "third");
  CHECK(revisions[1].data == "second");
  CHECK(revisions[1].editor == "basic");
  CHECK(revisions[2].number == 1);
  CHECK(wiki.database.revisions(page.id, 2).size() == 2);
}

TEST_CASE("An edit of an older revision is refused and changes nothing", "[examples][wiki]") {
  Wiki wiki;
  wiki.database.edit_page("FrontPage", "first", wiki.editor, 1);
  try {
    wiki.database.edit_page("FrontPage", "second", wiki.editor, 1);
    FAIL("it was saved");
  } catch (const EditConflict& conflict) {
    CHECK(conflict.page().current.data == "first");
    CHECK(conflict.page().current.number == 2);
    CHECK(conflict.refused() == "second");
  }
  CHECK(wiki.page("FrontPage").current.data == "first");
}

TEST_CASE("The same text saved twice is saved once", "[examples][wiki]") {
  Wiki wiki;
  wiki.database.edit_page("FrontPage", "text", wiki.editor, 1);
  wiki.database.edit_page("FrontPage", "text", wiki.editor, 1);
  CHECK(wiki.page("FrontPage").current.number == 2);
  wiki.database.add_page("NewPage", "text", wiki.editor);
  wiki.database.add_page("NewPage", "text", wiki.editor);
  CHECK(wiki.page("NewPage").current.number == 1);
}

TEST_CASE("An edit that does not say of what replaces the current text, which is kept",
          "[examples][wiki]") {
  Wiki wiki;
  wiki.database.edit_page("FrontPage", "first", wiki.editor, std::nullopt);
  wiki.database.edit_page("FrontPage", "second", wiki.editor, std::nullopt);
  CHECK(wiki.page("FrontPage").current.data == "second");
  CHECK(wiki.database.revisions(wiki.page("FrontPage").id, 10).size() == 3);
}

TEST_CASE("A page can be added once", "[examples][wiki]") {
  Wiki wiki;
  wiki.database.add_page("NewPage", "text \xC3\xA4 ' \" \\", wiki.editor);
  CHECK(wiki.page("NewPage").current.data == "text \xC3\xA4 ' \" \\");
  CHECK_THROWS_AS(wiki.database.add_page("NewPage", "other", wiki.editor), EditConflict);
  CHECK(wiki.page("NewPage").current.data == "text \xC3\xA4 ' \" \\");
}

TEST_CASE("Which of many names are pages is one question", "[examples][wiki]") {
  Wiki wiki;
  std::set<std::string> names{"FrontPage", "O'Page", "BackPage", "No\"Page"};
  for (int i = 0; i < 40'000; ++i) names.insert("Page" + std::to_string(i));
  CHECK(wiki.database.existing_pages(names) == std::set<std::string>{"BackPage", "FrontPage"});
  CHECK(wiki.database.existing_pages({}).empty());
}

TEST_CASE("Of many edits at once, those that are acknowledged are all kept", "[examples][wiki]") {
  Wiki wiki;
  Database other(wiki.path);  // as in another process
  std::atomic<int> saved = 0;
  const auto edit = [&](Database& database, const std::string& who) {
    for (int i = 0; i < 20; ++i) {
      const auto seen = database.find_page("FrontPage").value().current;
      try {
        database.edit_page("FrontPage", seen.data + "\n" + who + std::to_string(i), wiki.editor,
                           seen.number);
        ++saved;
      } catch (const EditConflict&) {
        // This write was not acknowledged.
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&, i] { edit(i % 2 == 0 ? wiki.database : other, std::string(1, char('a' + i))); });
  }
  for (auto& thread : threads) thread.join();
  const auto page = wiki.page("FrontPage");
  CHECK(page.current.number == 1 + saved);
  CHECK(std::count(page.current.data.begin(), page.current.data.end(), '\n') == saved + 2);
  CHECK(saved >= 20);
}

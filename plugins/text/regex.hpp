#pragma once
// text/regex: takes fields out of a text by a regular expression.

#include <sage/plugin.hpp>

#include <memory>
#include <string>
#include <vector>

#include <re2/re2.h>

namespace sage::text {

class Regex {
 public:
  static constexpr const char* kDoc =
      "The first match of `pattern` (RE2) anywhere in `field` counts; `^` and `$` tie it to the "
      "ends. Each named group, `(?P<name>...)`, becomes a text field behind those of the input, in "
      "the order of the groups; a group that took no part in the match gives the empty text. "
      "Without named groups the records pass as they are, so the operator filters. `on_no_match`: "
      "`drop` leaves a record out, `keep` passes it with empty fields, `error` makes it a record "
      "error. The text is read as UTF-8: `.` and classes match whole characters, and never bytes "
      "that are not UTF-8; the rest of such a text is searched all the same.";

  Regex(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void flat_map(Record record, Out& out);

 private:
  enum class NoMatch { kDrop, kError, kKeep };
  struct Group {
    int index = 0;  // in the pattern
    Field<std::string_view> field;
  };

  std::string name_;
  Field<std::string_view> field_;
  std::unique_ptr<re2::RE2> pattern_;
  NoMatch on_no_match_;
  CopyPlan kept_;
  std::vector<Group> groups_;
  std::vector<re2::StringPiece> match_;  // the whole, then the groups up to the last named one
};

}  // namespace sage::text

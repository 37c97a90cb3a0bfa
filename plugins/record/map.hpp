#pragma once
// record/map: sets, keeps, drops and renames fields.

#include "convert.hpp"
#include "script.hpp"

#include <sage/plugin.hpp>

namespace sage::record {

class Map {
 public:
  static constexpr const char* kDoc =
      "`keep` names the fields that stay, or `drop` those that go; what `set` sets is always "
      "there. "
      "`set` gives fields the value of a Lua 5.4 expression over the input (see `record/filter`): "
      "`set = { long = \"#word > 5\" "
      "}`. "
      "All expressions see the record as it came in. A field that is there is set in place and "
      "keeps its type unless `types` names another one; others come behind, in the order of the "
      "file, with the type that `types` names. A value that does not fit its type exactly is a "
      "record error: `1.5` is no int64, a number no text (`tostring` makes one). `rename = { old = "
      "\"new\" }` comes last: every other option uses the old names.";

  Map(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void map(Record record, Row& row);

 private:
  struct Target {
    Slot slot;
    std::string place;
  };
  Script script_;
  FieldSetter setter_;
  CopyPlan copied_;
  std::vector<Target> targets_;  // by expression
};

}  // namespace sage::record

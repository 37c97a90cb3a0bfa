#pragma once
// record/filter: keeps the records for which a Lua expression is true.

#include "script.hpp"

#include <sage/plugin.hpp>

namespace sage::record {

class Filter {
 public:
  static constexpr const char* kDoc =
      "`where` is a Lua 5.4 expression over the fields, such as `clicks > 3 and page ~= '/'`; "
      "`#page` counts bytes. It must give true or false: anything else, nil and 0 included, is a "
      "record error. The libraries `string`, `math` and `utf8` and the functions `error assert "
      "type tostring tonumber select` are there, without chance (`math.random`) and addresses. "
      "`r` is the record: `r[\"end\"]` or `r.type` reaches a field whose name Lua has for itself. "
      "int64 and timestamps (nanoseconds) are integers, which wrap on overflow; data are strings, "
      "lists tables. One record may take a million instructions "
      "and 64 MiB.";

  Filter(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  bool filter(Record record);

 private:
  Script script_;
};

}  // namespace sage::record

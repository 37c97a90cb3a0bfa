#pragma once
// io/stdin: the lines of standard input.

#include "line_cutter.hpp"

#include <sage/plugin.hpp>

#include <optional>

#include <json/reader.hpp>

namespace sage::io {

class Stdin {
 public:
  static constexpr const char* kDoc =
      "Reads standard input until it ends and gives a record for every line, as soon as it is "
      "there: `lines` gives `{line}`, `jsonl` the `fields` of the object that the line is. A line "
      "ends at `\\n`, one `\\r` before it is dropped; an empty line counts, and so does a last one "
      "without `\\n`. A line that does not fit into a record (16 MiB) or is not what `fields` "
      "say is a record error, and reading goes on behind it. There is one instance.";

  Stdin(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  Poll poll(Out& out, std::uint32_t max);

 private:
  bool read_block();
  void put(Row& row, const LineCutter::Line& line);
  void reject(const LineCutter::Line& line, sage_status code, const std::string& reason);

  Context& ctx_;
  std::optional<json::JsonReader> json_;  // with format jsonl
  LineCutter lines_;
};

}  // namespace sage::io

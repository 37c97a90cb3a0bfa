#pragma once
// io/stdin: the lines of standard input.

#include "line_cutter.hpp"

#include <sage/plugin.hpp>

namespace sage::io {

class Stdin {
 public:
  static constexpr const char* kDoc =
      "Reads standard input until it ends and gives a record `{line}` for every line, as soon as "
      "it "
      "is there. A line ends at `\\n`, one `\\r` before it is dropped; empty lines are records, "
      "and "
      "so is a last line without `\\n`. A line that does not fit into a record (16 MiB) is a "
      "record "
      "error, and reading goes on behind it. There is one instance.";

  Stdin(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  Poll poll(Out& out, std::uint32_t max);

 private:
  bool read_block();
  void reject(const LineCutter::Line& line);

  Context& ctx_;
  LineCutter lines_;
};

}  // namespace sage::io

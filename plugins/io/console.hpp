#pragma once
// io/console: one line per record to standard output.

#include "row_writer.hpp"

#include <sage/plugin.hpp>

namespace sage::io {

class Console {
 public:
  static constexpr const char* kDoc =
      "Prints a line for every record as soon as it comes. `text` prints the values alone, with a "
      "tab between them where there are several. `csv` prints a line of field names first if the "
      "stage has one instance; several instances print rows only, since nobody could tell which "
      "line comes first. Lines of several instances never mix. `prefix` stands before every line. "
      "What was printed stays printed: a job that fails later takes nothing back. Jsonl and csv "
      "mend text that is not UTF-8; the metrics `replaced_utf8` and `not_finite` count what could "
      "not be written.";

  Console(Context& ctx, const Config& options);
  static Options options();
  void write(Batch batch);

 private:
  Context& ctx_;
  RowWriter writer_;
  LossCounters losses_;
  std::string prefix_;
  bool header_ = false;  // it is still to be written
  std::string lines_;
};

}  // namespace sage::io

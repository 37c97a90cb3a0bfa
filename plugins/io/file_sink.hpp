#pragma once
// io/file_sink: rows as files in a directory, visible once the job has succeeded.

#include "parts.hpp"
#include "row_writer.hpp"

#include <sage/plugin.hpp>

namespace sage::io {

class FileSink {
 public:
  static constexpr const char* kDoc =
      "Writes the files `part-00000.jsonl`, `part-00001.jsonl`, ... into the directory `path`, one "
      "for each instance that got rows, fields in schema order. They appear when the whole job has "
      "succeeded; until then everything lies under `staged/` in that directory, and a job that "
      "fails leaves nothing. A directory with `part-*` files of an earlier job is refused unless "
      "`if_exists` says what becomes of them: `append` numbers the new files behind them, "
      "`replace` removes them (only `part-*`, and only once the job has succeeded). One job at a "
      "time writes to a directory.\n\n"
      "`csv` files begin with a line of field names and quote as RFC 4180 says; NaN and infinities "
      "are empty cells (in jsonl: null), data is base64, lists are JSON. `txt` takes records of "
      "one field, no list, and writes its value as it is. Text that is not UTF-8 is mended in "
      "jsonl and csv; the metrics `replaced_utf8` and `not_finite` count what could not be "
      "written.";

  FileSink(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void open(Context& ctx);
  void write(Batch batch);
  std::string prepare();
  // Needs no open instance, so that another process can do it.
  void commit(std::string_view handle);
  void abort();
  void close();

 private:
  enum class IfExists { kFail, kAppend, kReplace };
  void find_name(const Context& ctx);
  void flush();

  // Set at construction.
  std::string directory_;
  std::string extension_;
  IfExists if_exists_ = IfExists::kFail;
  RowWriter writer_;
  LossCounters losses_;
  // Set when it is opened.
  StagedFile file_;
  Promise promise_;  // complete but for the part's name

  std::string part_;
  std::string buffer_;
  bool any_rows_ = false;
};

}  // namespace sage::io

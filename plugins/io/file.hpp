#pragma once
// io/file: reads files, directories and patterns.

#include "descriptor.hpp"
#include "file_list.hpp"
#include "line_cutter.hpp"

#include <optional>
#include <string>
#include <vector>

#include <json/reader.hpp>

namespace sage::io {

class File {
 public:
  static constexpr const char* kDoc =
      "`lines` ends a line at `\\n` and drops one `\\r` before it; empty lines are records, and so "
      "is a last line without `\\n`. `jsonl` makes the `fields` of the object on each line; a line "
      "that is none, or is not UTF-8, is a record error. `text` and `binary` make one record of a "
      "file. Directories are read recursively, in byte order of the paths, without hidden entries. "
      "A symbolic link is followed where it is named or a pattern matches it, not inside a "
      "directory. Only regular files are read: others are left out, and an error where one is "
      "named. Lines of files over 64 MiB are shared among the instances.";

  File(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void open(Context& ctx);
  Poll poll(Out& out, std::uint32_t max);

 private:
  enum class Format { kLines, kJsonl, kText, kBinary };
  bool next_range();
  LineCutter::Cut next_line(LineCutter::Line& line);
  bool poll_lines(Out& out, std::uint32_t max);
  bool poll_rows(Out& out, std::uint32_t max);
  void put(Row& row, std::string_view text, std::uint64_t offset);
  void put_file(Row& row);
  std::size_t read(std::span<char> to) const { return read_some(fd_.get(), to, file().path); }
  void reject(std::string_view raw, std::uint64_t offset, const RecordError& error);
  const InputFile& file() const { return files_[range_.file]; }

  Context& ctx_;
  std::string path_;
  Format format_;
  bool meta_;
  Field<std::string_view> text_;
  Field<BytesView> data_;
  std::optional<json::JsonReader> json_;
  Field<std::string_view> file_;
  Field<std::int64_t> offset_;
  Counter read_bytes_;
  Gauge total_bytes_;

  std::vector<InputFile> files_;
  std::vector<FileRange> ranges_;
  std::size_t next_ = 0;  // of ranges_
  FileRange range_;       // being read
  Descriptor fd_;
  LineCutter lines_;
  std::string whole_;
};

}  // namespace sage::io

#include "file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sage::io {

namespace {

// A poll stops here, so that its rows fit one batch of 64 KiB.
constexpr std::uint64_t kPollBytes = std::uint64_t{48} << 10;
// The longest text that fits a record with no other field: behind its pointer, with its NUL.
constexpr std::size_t kTextMax = SAGE_MAX_RECORD - 9;
constexpr std::size_t kBlock = std::size_t{256} << 10;

// As text it would be garbage, and nobody would be told.
void refuse_compressed(const std::vector<InputFile>& files) {
  for (const InputFile& file : files) {
    if (file.path.ends_with(".gz") || file.path.ends_with(".zst")) {
      const bool gzip = file.path.ends_with(".gz");
      throw Failure(SAGE_E_IO, file.path +
                                   " is compressed, which is not supported yet: unpack it, "
                                   "or use io/stdin and `" +
                                   (gzip ? "zcat" : "zstdcat") + " FILE | sage run ...`");
    }
  }
}

// What the interface promises for a later version; true: the options ask for it.
bool refuse_later(Resolve& resolve, const Config& options) {
  if (options.text("format") == "csv") {
    resolve.error("format", "csv is not supported yet",
                  "convert the files to jsonl, or read their lines and take them apart with "
                  "text/regex");
  }
  if (options.text("mode") == "follow") {
    resolve.error("mode", "follow is not supported yet",
                  "use io/stdin and `tail -n +1 -F FILE | sage run ...`");
  }
  return resolve.failed();
}

RecordError too_long() { return {SAGE_E_TOO_LARGE, "the record would exceed 16 MiB"}; }

}  // namespace

Options File::options() {
  return {option("path", kPath)
              .required()
              .help("a file, a directory or a pattern such as *.log; "
                    "links are followed, but not in directories; "
                    "FIFOs, sockets and devices are never read"),
          option("format", kText)
              .text("lines")
              .allowed({"lines", "jsonl", "text", "binary", "csv"})
              .help("lines: {line}; jsonl: an object on each line, with `fields`, in UTF-8, else a "
                    "record error; text: {text} and binary: {data}, of whole files; all but jsonl "
                    "take any bytes; csv is not supported yet"),
          option("fields", kAny)
              .table()
              .help("jsonl: the fields to make, with their types"
                    " (lines that are not UTF-8 are record errors)"),
          option("mode", kText)
              .text("once")
              .allowed({"once", "follow"})
              .help("once: to the end of what is there; follow is not supported yet"),
          option("meta", kBool)
              .value("false")
              .help("add the fields file (relative to path) and offset (in bytes)")};
}

void File::resolve(Resolve& resolve, const Config& options) {
  const std::string_view format = options.text("format");
  if (refuse_later(resolve, options)) {
    return;
  }
  std::vector<FieldSpec> fields;
  if (format == "jsonl") {
    const auto found = json::JsonFields::resolve(resolve, options, "fields");
    if (!found) {
      return;
    }
    fields = found->specs();
  } else if (options.has("fields")) {
    resolve.error("fields", "only objects have fields to choose", "set format = \"jsonl\"");
  } else if (format == "binary") {
    fields = {{"data", Type::kData}};
  } else {
    fields = {{format == "lines" ? "line" : "text", Type::kText}};
  }
  if (options.boolean("meta")) {
    for (const FieldSpec& added : {FieldSpec{"file", Type::kText}, {"offset", Type::kInt64}}) {
      if (std::ranges::find(fields, added.name, &FieldSpec::name) != fields.end()) {
        resolve.error("meta", "there is a field '" + added.name + "' already");
      }
      fields.push_back(added);
    }
  }
  resolve.output(fields);
}

File::File(Context& ctx, const Config& options)
    : ctx_(ctx),
      path_(options.text("path")),
      format_(options.text("format") == "lines"    ? Format::kLines
              : options.text("format") == "jsonl"  ? Format::kJsonl
              : options.text("format") == "binary" ? Format::kBinary
                                                   : Format::kText),
      meta_(options.boolean("meta")),
      read_bytes_(ctx.metrics().counter("read_bytes")),
      total_bytes_(ctx.metrics().gauge("total_bytes")),
      lines_(kTextMax) {
  if (format_ == Format::kJsonl) {
    json_.emplace(json::JsonFields(options, "fields"), ctx.output());
  } else if (format_ == Format::kBinary) {
    data_ = ctx.output().field<BytesView>("data");
  } else {
    text_ = ctx.output().field<std::string_view>(format_ == Format::kLines ? "line" : "text");
  }
  if (meta_) {
    file_ = ctx.output().field<std::string_view>("file");
    offset_ = ctx.output().field<std::int64_t>("offset");
  }
}

void File::open(Context& ctx) {
  files_ = list_files(path_);
  if (format_ != Format::kBinary) {
    refuse_compressed(files_);
  }
  const bool lines = format_ == Format::kLines || format_ == Format::kJsonl;
  ranges_ = ranges_of(files_, lines, ctx.subtask(), ctx.parallelism());
  double total = 0;
  for (const FileRange& range : ranges_) {
    total += static_cast<double>(std::min(range.end, files_[range.file].size) - range.begin);
  }
  total_bytes_.set(total);
}

Poll File::poll(Out& out, std::uint32_t max) {
  if (!fd_ && !next_range()) {
    return Poll::kEnd;
  }
  const std::uint64_t before = lines_.offset();
  if (format_ == Format::kText || format_ == Format::kBinary) {
    put_file(out.row());
    fd_.close();
  } else {
    const bool plain = format_ == Format::kLines && !meta_;
    const bool more = plain ? poll_lines(out, max) : poll_rows(out, max);
    read_bytes_.add(lines_.offset() - before);
    if (!more) {
      fd_.close();
    }
  }
  return Poll::kOk;
}

// Opens the next range; false: there is none.
bool File::next_range() {
  if (next_ == ranges_.size()) {
    return false;
  }
  range_ = ranges_[next_++];
  // It may have been replaced since it was found; opening a FIFO would wait for its writer.
  fd_ = Descriptor(::open(file().path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd_) {
    throw io_failure("read", file().path);
  }
  if (struct stat now{}; ::fstat(fd_.get(), &now) != 0 || !S_ISREG(now.st_mode)) {
    throw Failure(SAGE_E_IO, file().path + " is no regular file any more");
  }
  (void)::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  // The line that lies across the start of the range belongs to the range before; one that begins
  // there has a newline in front of it.
  const std::uint64_t start = range_.begin == 0 ? 0 : range_.begin - 1;
  lines_.restart(start);
  if (::lseek(fd_.get(), static_cast<off_t>(start), SEEK_SET) < 0) {
    throw io_failure("read", file().path);
  }
  if (start != 0) {
    LineCutter::Line partial;
    (void)next_line(partial);
  }
  return true;
}

// The next line of the file, never kMore.
LineCutter::Cut File::next_line(LineCutter::Line& line) {
  for (;;) {
    const LineCutter::Cut cut = lines_.next(line);
    if (cut != LineCutter::Cut::kMore) [[likely]] {
      return cut;
    }
    const std::size_t n = read(lines_.room());
    lines_.filled(n);
    if (n == 0) {
      lines_.finish();
    }
  }
}

// Rows of the lines of the range; false: it has no more. The form with one field writes its rows
// itself.
bool File::poll_lines(Out& out, std::uint32_t max) {
  TextRows rows(out.row());
  std::uint64_t bytes = 0;
  LineCutter::Line line;
  for (std::uint32_t n = 0; n < max && bytes < kPollBytes; ++n) {
    const LineCutter::Cut cut = next_line(line);
    if (cut == LineCutter::Cut::kEnd || line.offset >= range_.end) {
      return false;
    }
    if (cut == LineCutter::Cut::kTooLong) [[unlikely]] {
      reject(line.text, line.offset, too_long());
      continue;
    }
    rows.ensure(1, line.text.size());
    rows.put(SAGE_NO_TS, line.text.data(), static_cast<std::uint32_t>(line.text.size()));
    bytes += line.text.size() + 16;
  }
  return true;
}

bool File::poll_rows(Out& out, std::uint32_t max) {
  Row& row = out.row();
  LineCutter::Line line;
  for (std::uint32_t n = 0; n < max && out.bytes() < kPollBytes; ++n) {
    const LineCutter::Cut cut = next_line(line);
    if (cut == LineCutter::Cut::kEnd || line.offset >= range_.end) {
      return false;
    }
    if (cut == LineCutter::Cut::kTooLong) {
      reject(line.text, line.offset, too_long());
    } else {
      put(row, line.text, line.offset);
    }
  }
  return true;
}

// One row, or a record error.
void File::put(Row& row, std::string_view text, std::uint64_t offset) {
  try {
    row.begin();
    if (json_) {
      json_->read(text, row);
    } else if (format_ == Format::kBinary) {
      row.set(data_, as_bytes(text));
    } else {
      row.set(text_, text);
    }
    if (meta_) {
      row.set(file_, file().name);
      row.set(offset_, static_cast<std::int64_t>(offset));
    }
    row.end();
  } catch (const RecordError& error) {
    reject(text, offset, error);
  }
}

// The file as one row.
void File::put_file(Row& row) {
  whole_.clear();
  std::size_t n = 0;
  do {
    const std::size_t size = whole_.size();
    whole_.resize(size + kBlock);
    n = read({whole_.data() + size, kBlock});
    whole_.resize(size + n);
    read_bytes_.add(n);
  } while (n != 0 && whole_.size() <= SAGE_MAX_RECORD);
  put(row, whole_, 0);
}

void File::reject(std::string_view raw, std::uint64_t offset, const RecordError& error) {
  const std::string where = file().path + " at byte " + std::to_string(offset) + ": ";
  if (!ctx_.reject_raw(as_bytes(raw), error.code(), where + error.what())) {
    throw Failure(SAGE_E_CANCELLED, "the job is failing");
  }
}

}  // namespace sage::io

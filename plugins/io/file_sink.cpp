#include "file_sink.hpp"

#include <filesystem>

namespace sage::io {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlock = 256u << 10;

}  // namespace

Options FileSink::options() {
  return {option("path", kPath).required().help("a directory, made if it is absent"),
          option("format", kText)
              .text("jsonl")
              .allowed({"jsonl", "csv", "txt"})
              .help("how rows are written, and the files' suffix"),
          option("if_exists", kText)
              .text("fail")
              .allowed({"fail", "append", "replace"})
              .help("what to do about part-* files of an earlier job")};
}

void FileSink::resolve(Resolve& resolve, const Config& options) {
  const std::string_view path = options.text("path");
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    resolve.error("path", "this is no path");
  }
  const SchemaView schema = resolve.input();
  if (options.text("format") == "txt" && (schema.size() != 1 || is_list(schema.type(0)))) {
    resolve.error("format",
                  "txt files hold one field that is no list, this stream has " +
                      (schema.size() == 1 ? "a list" : std::to_string(schema.size())),
                  "use jsonl or csv, or keep one field with record/map");
  }
}

FileSink::FileSink(Context& ctx, const Config& options)
    : directory_(fs::absolute(options.text("path")).lexically_normal().string()),
      extension_(options.text("format")),
      writer_(ctx.input(), row_format(options.text("format"))),
      losses_(ctx) {
  while (directory_.size() > 1 && directory_.ends_with('/')) {
    directory_.pop_back();
  }
  const std::string_view mode = options.text("if_exists");
  if_exists_ = mode == "append"    ? IfExists::kAppend
               : mode == "replace" ? IfExists::kReplace
                                   : IfExists::kFail;
}

void FileSink::open(Context& ctx) {
  file_ = StagedFile(directory_, ctx.subtask());
  if (!file_.locked()) {
    ctx.warning("the file system of ", directory_,
                " has no locks: two jobs that write to it at once are not noticed");
  }
  try {
    find_name(ctx);
  } catch (...) {
    file_.discard();
    throw;
  }
  if (ctx.subtask() == 0) {
    remove_leftovers(directory_, ctx.parallelism());
  }
  buffer_.reserve(kBlock + kBlock / 4);
}

// Nobody has committed yet: all instances of a stage are open before any of them is prepared.
void FileSink::find_name(const Context& ctx) {
  const std::vector<std::string> existing = list_parts(directory_);
  if (!existing.empty() && if_exists_ == IfExists::kFail) {
    throw Failure(SAGE_E_CONFIG, directory_ + " holds files of an earlier job (" +
                                     existing.front() +
                                     "): choose another directory, remove them, or set if_exists "
                                     "= \"append\" or \"replace\"");
  }
  promise_ = {directory_, ctx.subtask(), file_.inode(), "", if_exists_ == IfExists::kReplace, {}};
  const std::vector<std::string> none;
  part_ = part_name(
      next_part_number(promise_.replace ? none : existing, ctx.subtask(), ctx.parallelism()),
      extension_);
  // Each old file is one instance's business: that whose new name may be the same.
  for (const std::string& name : existing) {
    if (promise_.replace && part_number(name).value_or(0) % ctx.parallelism() == ctx.subtask()) {
      promise_.old.push_back(name);
    }
  }
}

void FileSink::write(Batch batch) {
  if (!any_rows_ && batch.size() > 0) {
    any_rows_ = true;
    writer_.append_header(buffer_);
  }
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    writer_.append(buffer_, batch[i]);
    if (buffer_.size() >= kBlock) {
      flush();
    }
  }
  losses_.update(writer_.losses());
}

void FileSink::flush() {
  file_.write(buffer_);
  buffer_.clear();
}

std::string FileSink::prepare() {
  flush();
  file_.sync();
  promise_.part = any_rows_ ? part_ : "";
  return promise_.encode();
}

void FileSink::commit(std::string_view handle) { io::commit(Promise::decode(handle)); }

void FileSink::abort() { file_.discard(); }

void FileSink::close() { file_.close(); }

}  // namespace sage::io

// @NAME@/lines, a sink: writes a text of each record as a line, into one file per instance.
// The file appears when the whole job has succeeded; of a job that failed nothing stays.
#include <sage/plugin.hpp>

#include <cstdio>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace {

class Lines {
 public:
  static sage::Options options() {
    return {sage::option("field", sage::kField).text("text").help("the text to write"),
            sage::option("path", sage::kText).required().help("FILE: FILE.0, FILE.1, ... appear")};
  }

  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
  }

  Lines(sage::Context& ctx, const sage::Config& config)
      : text_(ctx.input().field<std::string_view>(config.text("field"))),
        path_(std::string(config.text("path")) + "." + std::to_string(ctx.subtask())) {}

  void open(sage::Context&) {
    file_.reset(std::fopen(staged().c_str(), "w"));
    check(file_ != nullptr, "cannot be opened");
  }

  void write(sage::Record record) {
    const std::string_view text = record[text_];
    check(std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
              std::fputc('\n', file_.get()) != EOF,
          "cannot be written");
  }

  // All records are here: nothing may be lost any more, and nobody may see them yet. The engine
  // keeps what this returns, and hands it to commit, perhaps in another process.
  std::string prepare() {
    check(std::fflush(file_.get()) == 0 && ::fsync(::fileno(file_.get())) == 0,
          "cannot be written");
    return identity(staged());
  }

  // The job has succeeded. May come twice, and to an object that was never opened: the file may
  // have its name already.
  void commit(std::string_view prepared) {
    check(std::rename(staged().c_str(), path_.c_str()) == 0 || identity(path_) == prepared,
          "cannot take its name");
  }

  // The job has failed.
  void abort() {
    file_.reset();
    std::remove(staged().c_str());
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string staged() const { return path_ + ".part"; }
  // Stays the same when a file is renamed; empty: there is no such file.
  static std::string identity(const std::string& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? std::to_string(about.st_ino) : "";
  }
  void check(bool good, const char* what) const {
    if (!good) {
      throw sage::Failure(SAGE_E_IO, staged() + " " + what);
    }
  }

  sage::Field<std::string_view> text_;
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace

// A file may keep a write waiting, so the engine gives each instance a thread of its own.
SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a sink",
            sage::operator_of<Lines>("lines", "Writes a text of each record as a line")
                .traits(SAGE_TRAIT_MAY_BLOCK));

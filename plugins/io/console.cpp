#include "console.hpp"

#include "descriptor.hpp"

#include <cerrno>
#include <climits>
#include <mutex>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sage::io {

namespace {

constexpr const char* kName = "standard output";
constexpr int kLookAroundMs = 100;

// Standard output belongs to the process, and what one call writes must not be cut by another's.
std::mutex& turn() {
  static std::mutex mutex;
  return mutex;
}

bool is_regular_file(int fd) {
  struct stat status{};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

// Until there is room, or the job is cancelled.
void wait_for_room(const Context& ctx) {
  pollfd wait{STDOUT_FILENO, POLLOUT, 0};
  while (::poll(&wait, 1, kLookAroundMs) <= 0) {
    if (ctx.cancelled()) {
      throw Failure(SAGE_E_CANCELLED, "cancelled while standard output took nothing");
    }
  }
}

// A reader that stalls must not make the job deaf: pieces of PIPE_BUF never block after poll.
void print(const Context& ctx, std::string_view text) {
  const std::lock_guard lock(turn());
  const bool regular = is_regular_file(STDOUT_FILENO);
  while (!text.empty()) {
    if (!regular) {
      wait_for_room(ctx);
    }
    const std::size_t piece = regular ? text.size() : std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), piece);
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EPIPE) {
      throw Failure(SAGE_E_IO, "standard output was closed");
    } else if (errno != EINTR && errno != EAGAIN) {
      throw io_failure("write to", kName);
    }
  }
}

}  // namespace

Options Console::options() {
  return {option("format", kText)
              .text("jsonl")
              .allowed({"jsonl", "csv", "text"})
              .help("how a record is written"),
          option("prefix", kText).text("").help("stands before every line")};
}

Console::Console(Context& ctx, const Config& options)
    : ctx_(ctx),
      writer_(ctx.input(), row_format(options.text("format"))),
      losses_(ctx),
      prefix_(options.text("prefix")),
      header_(ctx.parallelism() == 1 && options.text("format") == "csv") {}

void Console::write(Batch batch) {
  lines_.clear();
  if (header_ && batch.size() > 0) {
    header_ = false;
    lines_ += prefix_;
    writer_.append_header(lines_);
  }
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    lines_ += prefix_;
    writer_.append(lines_, batch[i]);
  }
  losses_.update(writer_.losses());
  print(ctx_, lines_);
}

}  // namespace sage::io

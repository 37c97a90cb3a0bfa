#include "stdin.hpp"

#include "descriptor.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace sage::io {

namespace {

// A poll stops here, so that its rows fit one batch of 64 KiB.
constexpr std::uint64_t kPollBytes = std::uint64_t{48} << 10;
// A line without end must not keep a poll from returning.
constexpr int kReadsMax = 16;
// The longest text that fits a record: behind its pointer, with its NUL.
constexpr std::size_t kTextMax = SAGE_MAX_RECORD - 9;

}  // namespace

Options Stdin::options() {
  return {option("format", kText)
              .text("lines")
              .allowed({"lines", "jsonl"})
              .help("lines: {line}; jsonl: an object on each line, with `fields`"),
          option("fields", kAny).table().help("jsonl: the fields to make, with their types")};
}

void Stdin::resolve(Resolve& resolve, const Config& options) {
  resolve.max_parallelism(1);
  if (options.text("format") == "lines") {
    resolve.output({{"line", Type::kText}});
    if (options.has("fields")) {
      resolve.error("fields", "lines have the one field 'line'", "set format = \"jsonl\"");
    }
  } else if (const auto fields = json::JsonFields::resolve(resolve, options, "fields")) {
    resolve.output(fields->specs());
  }
}

Stdin::Stdin(Context& ctx, const Config& options) : ctx_(ctx), lines_(kTextMax) {
  if (options.text("format") == "jsonl") {
    json_.emplace(json::JsonFields(options, "fields"), ctx.output());
  }
}

Poll Stdin::poll(Out& out, std::uint32_t max) {
  int reads = 0;
  for (std::uint32_t n = 0; n < max && reads < kReadsMax && out.bytes() < kPollBytes;) {
    LineCutter::Line line;
    switch (lines_.next(line)) {
      case LineCutter::Cut::kLine:
        put(out.row(), line);
        ++n;
        break;
      case LineCutter::Cut::kTooLong:
        reject(line, SAGE_E_TOO_LARGE, "the record would exceed 16 MiB");
        ++n;
        break;
      case LineCutter::Cut::kMore:
        if (!read_block()) {
          ctx_.wait_readable(STDIN_FILENO);
          return Poll::kIdle;
        }
        ++reads;
        break;
      case LineCutter::Cut::kEnd:
        return Poll::kEnd;
    }
  }
  return Poll::kOk;
}

void Stdin::put(Row& row, const LineCutter::Line& line) {
  if (!json_) {
    TextRows rows(row);
    rows.ensure(1, line.text.size());
    rows.put(SAGE_NO_TS, line.text.data(), static_cast<std::uint32_t>(line.text.size()));
    return;
  }
  try {
    row.begin();
    json_->read(line.text, row);
    row.end();
  } catch (const RecordError& error) {
    reject(line, error.code(), error.what());
  }
}

// False: there is nothing to read now. The descriptor may be shared with other programs, so it is
// asked first and not made non-blocking.
bool Stdin::read_block() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (::poll(&input, 1, 0) == 0) {
    return false;
  }
  const std::span<char> room = lines_.room();
  const ssize_t n = ::read(STDIN_FILENO, room.data(), room.size());
  if (n < 0) {
    if (errno == EINTR || errno == EAGAIN) {
      return false;
    }
    throw io_failure("read", "standard input");
  }
  if (n == 0) {
    lines_.finish();
  }
  lines_.filled(static_cast<std::size_t>(n));
  return true;
}

void Stdin::reject(const LineCutter::Line& line, sage_status code, const std::string& reason) {
  const std::string where = "standard input at byte " + std::to_string(line.offset) + ": ";
  if (!ctx_.reject_raw(as_bytes(line.text), code, where + reason)) {
    throw Failure(SAGE_E_CANCELLED, "the job is failing");
  }
}

}  // namespace sage::io

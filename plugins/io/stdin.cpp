#include "stdin.hpp"

#include "descriptor.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace sage::io {

namespace {

// A poll stops here, so that its rows fit one batch of 64 KiB.
constexpr std::uint64_t kPollBytes = std::uint64_t{48} << 10;
// The longest text that fits a record: behind its pointer, with its NUL.
constexpr std::size_t kTextMax = SAGE_MAX_RECORD - 9;

}  // namespace

Options Stdin::options() {
  return {option("format", kText).text("lines").allowed({"lines"}).help("what a record is")};
}

void Stdin::resolve(Resolve& resolve, const Config&) {
  resolve.output({{"line", Type::kText}});
  resolve.max_parallelism(1);
}

Stdin::Stdin(Context& ctx, const Config&) : ctx_(ctx), lines_(kTextMax) {}

Poll Stdin::poll(Out& out, std::uint32_t max) {
  TextRows rows(out.row());
  LineCutter::Line line;
  std::uint64_t bytes = 0;
  for (std::uint32_t n = 0; n < max && bytes < kPollBytes;) {
    switch (lines_.next(line)) {
      case LineCutter::Cut::kLine:
        rows.ensure(1, line.text.size());
        rows.put(SAGE_NO_TS, line.text.data(), static_cast<std::uint32_t>(line.text.size()));
        bytes += line.text.size() + 16;
        ++n;
        break;
      case LineCutter::Cut::kTooLong:
        reject(line);
        ++n;
        break;
      case LineCutter::Cut::kMore:
        if (!read_block()) {
          ctx_.wait_readable(STDIN_FILENO);
          return Poll::kIdle;
        }
        break;
      case LineCutter::Cut::kEnd:
        return Poll::kEnd;
    }
  }
  return Poll::kOk;
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

void Stdin::reject(const LineCutter::Line& line) {
  if (!ctx_.reject_raw(as_bytes(line.text), SAGE_E_TOO_LARGE,
                       "standard input at byte " + std::to_string(line.offset) +
                           ": the record would exceed 16 MiB")) {
    throw Failure(SAGE_E_CANCELLED, "the job is failing");
  }
}

}  // namespace sage::io

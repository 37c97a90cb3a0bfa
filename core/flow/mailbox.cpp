#include "flow/mailbox.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>

namespace sage::flow {

Result<std::unique_ptr<Waker>> Waker::make() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) {
    return Error{ErrorKind::kUnavailable, "E0613",
                 std::string("an executor gets no descriptor: ") + std::strerror(errno),
                 "give the process more descriptors (`ulimit -n`)"};
  }
  return std::unique_ptr<Waker>(new Waker(fd));
}

Waker::~Waker() { close(fd_); }

void Waker::wake() {
  if (asleep_.load(std::memory_order_seq_cst) && asleep_.exchange(false))
    eventfd_write(fd_, 1);
}

// Always read: who saw the owner asleep may write a little later, and then it is the next sleep
// that ends at once, and that alone.
void Waker::rise() {
  asleep_.store(false);
  eventfd_t drained = 0;
  eventfd_read(fd_, &drained);
}

}  // namespace sage::flow

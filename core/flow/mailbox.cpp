#include "flow/mailbox.hpp"

#include "base/assert.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace sage::flow {

Waker::Waker() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { SAGE_ASSERT(fd_ >= 0); }

Waker::~Waker() { close(fd_); }

void Waker::wake() {
  if (asleep_.load(std::memory_order_seq_cst) && asleep_.exchange(false))
    eventfd_write(fd_, 1);
}

void Waker::rise() {
  if (asleep_.exchange(false))
    return;  // nobody has written
  eventfd_t drained = 0;
  eventfd_read(fd_, &drained);
}

}  // namespace sage::flow

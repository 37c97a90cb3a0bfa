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

// Always read: who saw the owner asleep may write a little later, and then it is the next sleep
// that ends at once, and that alone.
void Waker::rise() {
  asleep_.store(false);
  eventfd_t drained = 0;
  eventfd_read(fd_, &drained);
}

}  // namespace sage::flow

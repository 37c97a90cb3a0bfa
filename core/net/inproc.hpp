#pragma once
// Mailboxes between the executors of one process: ZeroMQ push/pull over inproc. A message is the
// event itself, a batch by its pointer, so nothing is copied. ZeroMQ's own limits are off; credits
// bound what is under way.

#include "base/result.hpp"
#include "flow/mailbox.hpp"

#include <cstdint>
#include <memory>

namespace sage::net {

// Makes the mailboxes of one job. [control] Outlives them; whoever puts and takes is done before
// it goes.
class Inproc {
 public:
  // For so many mailboxes.
  explicit Inproc(std::uint32_t mailboxes);
  ~Inproc();
  Inproc(const Inproc&) = delete;
  Inproc& operator=(const Inproc&) = delete;

  // An Error (E0613): the process is out of descriptors.
  Result<std::unique_ptr<flow::Mailbox>> make_mailbox();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace sage::net

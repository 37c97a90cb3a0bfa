#pragma once
// While it lives, the thread that made it has a stack of its own for signal handlers, so that one
// can say what overflowed the other. Nothing where the thread has one already, or no memory is
// left. Used by its thread alone.

#include <csignal>
#include <cstddef>
#include <memory>
#include <new>

namespace sage {

class SignalStack {
 public:
  SignalStack() {
    stack_t now{};
    if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0)
      return;
    bytes_.reset(new (std::nothrow) std::byte[kBytes]);
    stack_t ours{};
    ours.ss_sp = bytes_.get();
    ours.ss_size = kBytes;
    if (bytes_ && ::sigaltstack(&ours, nullptr) != 0)
      bytes_.reset();
  }
  ~SignalStack() {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    if (bytes_)
      ::sigaltstack(&none, nullptr);
  }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  static constexpr std::size_t kBytes = 64u << 10;  // far above MINSIGSTKSZ of any processor
  std::unique_ptr<std::byte[]> bytes_;
};

}  // namespace sage

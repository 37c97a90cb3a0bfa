#pragma once
// The operators of a plugin called without an engine: an instance with numbers for options, and
// the least that a call's output can be. It checks nothing and counts nothing.

#include "plugin/registry.hpp"

#include <sage/ext/config.h>
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>

#include <cstdint>
#include <vector>

namespace sage::bench {

class BareOperator {
 public:
  // count: its option of that name.
  BareOperator(plugin::Registry& registry, const char* op, std::int64_t count);
  ~BareOperator() { op_->destroy(self_); }
  BareOperator(const BareOperator&) = delete;
  BareOperator& operator=(const BareOperator&) = delete;

  void* self() const { return self_; }
  sage_ctx* ctx() { return &ctx_; }
  template <class Role>
  const Role* role(const char* id) const {
    return static_cast<const Role*>(op_->get_role(op_, id));
  }
  // The sum that `bench/sum` has.
  std::uint64_t prepared_sum();

 private:
  const sage_operator* op_;
  std::uint32_t never_ = 0;
  std::uint64_t counted_ = 0;  // by the counter that was asked for last
  sage_ctx ctx_{};
  void* self_ = nullptr;
};

// One batch that is written anew by each call.
class BareOut {
 public:
  BareOut(std::uint32_t records, std::uint64_t bytes);
  BareOut(const BareOut&) = delete;
  BareOut& operator=(const BareOut&) = delete;

  sage_out* begin() {
    count_ = 0;
    return &table_;
  }
  std::uint32_t count() const { return count_; }
  sage_batch batch() const;

 private:
  std::vector<sage_record> records_;
  std::vector<std::uint64_t> data_;
  sage_buffer buffer_{};
  std::uint32_t count_ = 0;
  sage_out table_{};
};

}  // namespace sage::bench

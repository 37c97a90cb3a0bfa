#include "flow/partitioner.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>
#include <vector>

namespace sage::flow {

void assign_keys(BatchPool& pool, BatchRef& batch, const schema::KeyExtractor& extractor) {
  if (!batch.unique())
    batch = slice(pool, batch, 0, batch->count);
  batch->keys.need(batch->records.capacity());
  std::uint8_t* scratch = nullptr;
  batch->key_buf = SAGE_NO_INDEX;
  if (!extractor.in_place()) {
    const std::uint64_t bytes = extractor.bytes_needed(batch->rows(), batch->c_buffers.data());
    batch->key_buf = batch->add_buffer(pool.buffers().get(bytes));
    scratch = batch->c_buffers[batch->key_buf].data;
  }
  extractor.extract(batch->rows(), batch->c_buffers.data(), batch->keys.data(), scratch);
  batch->keyed = true;
}

namespace {

class Hash final : public Partitioner {
 public:
  Hash(BatchPool& pool, schema::KeyExtractor extractor, const Gather::Shape& shape,
       std::uint32_t key_groups)
      : pool_(pool), extractor_(std::move(extractor)), gather_(pool, shape, true) {
    for (std::uint32_t g = 0; g < key_groups; ++g)
      owner_.push_back(schema::group_owner(g, shape.receivers, key_groups));
    single_ = shape.receivers == 1;
  }
  Status split(BatchRef batch, const SendFn& send) override {
    assign_keys(pool_, batch, extractor_);
    if (single_) {  // no exchange: handed on as they come, not filled up
      send(0, std::move(batch));
      return Ok{};
    }
    target_.resize(batch->count);
    aim(batch->rows());
    gather_.add(*batch, target_.data(), send);
    return Ok{};
  }
  Gather* gather() override { return &gather_; }

 private:
  // A division for each row costs as much as hashing it, and the usual numbers of key groups are
  // powers of two.
  void aim(std::span<const sage_record> rows) {
    const auto groups = static_cast<std::uint32_t>(owner_.size());
    if (std::has_single_bit(groups)) {
      for (std::size_t i = 0; i < rows.size(); ++i)
        target_[i] = owner_[rows[i].key & (groups - 1)];
    } else {
      for (std::size_t i = 0; i < rows.size(); ++i)
        target_[i] = owner_[schema::key_group(rows[i].key, groups)];
    }
  }

  BatchPool& pool_;
  schema::KeyExtractor extractor_;
  Gather gather_;
  bool single_ = false;
  std::vector<std::uint32_t> owner_;  // of each key group
  std::vector<std::uint32_t> target_;
};

class Rebalance final : public Partitioner {
 public:
  Rebalance(BatchPool& pool, std::uint32_t receivers, std::uint32_t first)
      : pool_(pool), receivers_(receivers), first_(first % receivers) {}
  Status split(BatchRef batch, const SendFn& send) override {
    const std::uint32_t parts = std::min(receivers_, batch->count);
    for (std::uint32_t p = 0; p < parts; ++p) {
      const auto begin = static_cast<std::uint32_t>(std::uint64_t{batch->count} * p / parts);
      const auto end = static_cast<std::uint32_t>(std::uint64_t{batch->count} * (p + 1) / parts);
      const std::uint32_t to = (first_ + p) % receivers_;
      send(to, parts == 1 ? batch : slice(pool_, batch, begin, end - begin));
    }
    first_ = (first_ + (parts == receivers_ ? 1 : parts)) % receivers_;
    return Ok{};
  }

 private:
  BatchPool& pool_;
  std::uint32_t receivers_;
  std::uint32_t first_;
};

class Broadcast final : public Partitioner {
 public:
  explicit Broadcast(std::uint32_t receivers) : receivers_(receivers) {}
  Status split(BatchRef batch, const SendFn& send) override {
    for (std::uint32_t r = 0; r < receivers_; ++r)
      send(r, batch);
    return Ok{};
  }

 private:
  std::uint32_t receivers_;
};

class Single final : public Partitioner {
 public:
  explicit Single(std::uint32_t receiver) : receiver_(receiver) {}
  Status split(BatchRef batch, const SendFn& send) override {
    send(receiver_, std::move(batch));
    return Ok{};
  }

 private:
  std::uint32_t receiver_;
};

class Custom final : public Partitioner {
 public:
  Custom(BatchPool& pool, std::unique_ptr<plugin::Instance> instance, const Gather::Shape& shape,
         std::uint32_t fallback)
      : pool_(pool),
        instance_(std::move(instance)),
        receivers_(shape.receivers),
        fallback_(fallback),
        gather_(pool, shape, false) {}

  Status split(BatchRef batch, const SendFn& send) override {
    const sage_batch in = view(batch, 0, SAGE_NO_TS, {});
    target_.assign(batch->count, SAGE_NO_INDEX);
    if (instance_->route(&in, receivers_, target_.data()) < 0) {
      Error error{ErrorKind::kFailed, "E0602",
                  "the partitioner of stage `" + instance_->spec().stage +
                      "` failed: " + instance_->error_message()};
      error.stage = instance_->spec().stage;
      return error;
    }
    std::vector<plugin::Rejection> bad = std::move(instance_->rejections());
    reject_out_of_range(batch->count, bad);
    if (!bad.empty())
      send_rejected(batch, std::move(bad), send);
    gather_.add(*batch, target_.data(), send);
    return Ok{};
  }
  Gather* gather() override { return &gather_; }

 private:
  // Afterwards every target is in range or SAGE_NO_INDEX, which has its rejection in `bad`.
  void reject_out_of_range(std::uint32_t count, std::vector<plugin::Rejection>& bad) {
    std::vector<bool> rejected(count);
    for (const plugin::Rejection& r : bad) {
      rejected[r.index] = true;
      target_[r.index] = SAGE_NO_INDEX;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (rejected[i] || target_[i] < receivers_)
        continue;
      bad.push_back({i, SAGE_E_RANGE,
                     "the partitioner chose instance " + std::to_string(target_[i]) + " of " +
                         std::to_string(receivers_),
                     ""});
      target_[i] = SAGE_NO_INDEX;
    }
    std::sort(bad.begin(), bad.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
  }

  void send_rejected(const BatchRef& batch, std::vector<plugin::Rejection> bad,
                     const SendFn& send) {
    std::vector<std::uint32_t> rows;
    for (plugin::Rejection& r : bad)
      rows.push_back(std::exchange(r.index, static_cast<std::uint32_t>(rows.size())));
    BatchRef rejected = select_rows(pool_, batch, rows);
    rejected->rejections = std::move(bad);
    send(fallback_, std::move(rejected));
  }

  BatchPool& pool_;
  std::unique_ptr<plugin::Instance> instance_;
  std::uint32_t receivers_;
  std::uint32_t fallback_;
  Gather gather_;
  std::vector<std::uint32_t> target_;
};

}  // namespace

std::unique_ptr<Partitioner> make_hash(BatchPool& pool, schema::KeyExtractor extractor,
                                       const Gather::Shape& shape, std::uint32_t key_groups) {
  return std::make_unique<Hash>(pool, std::move(extractor), shape, key_groups);
}
std::unique_ptr<Partitioner> make_rebalance(BatchPool& pool, std::uint32_t receivers,
                                            std::uint32_t first) {
  return std::make_unique<Rebalance>(pool, receivers, first);
}
std::unique_ptr<Partitioner> make_broadcast(std::uint32_t receivers) {
  return std::make_unique<Broadcast>(receivers);
}
std::unique_ptr<Partitioner> make_single(std::uint32_t receiver) {
  return std::make_unique<Single>(receiver);
}
std::unique_ptr<Partitioner> make_custom(BatchPool& pool,
                                         std::unique_ptr<plugin::Instance> instance,
                                         const Gather::Shape& shape, std::uint32_t fallback) {
  return std::make_unique<Custom>(pool, std::move(instance), shape, fallback);
}

}  // namespace sage::flow

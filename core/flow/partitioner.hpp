#pragma once
// Splits a batch over the receivers of an exchange. Pure apart from the pool and the custom
// partitioner's instance. Used by the sender's task thread.

#include "flow/gather.hpp"
#include "plugin/instance.hpp"
#include "schema/key.hpp"

#include <cstdint>
#include <memory>

namespace sage::flow {

// Gives the batch its keys; copies the envelopes first where they are shared.
void assign_keys(BatchPool& pool, BatchRef& batch, const schema::KeyExtractor& extractor);

class Partitioner {
 public:
  virtual ~Partitioner() = default;
  // Every row is sent exactly once (broadcast: once to each), now or out of gather(). An Error: the
  // partitioner failed.
  virtual Status split(BatchRef batch, const SendFn& send) = 0;
  // The rows held back to fill batches up, if it holds any: see Gather.
  virtual Gather* gather() { return nullptr; }
};

std::unique_ptr<Partitioner> make_hash(BatchPool& pool, schema::KeyExtractor extractor,
                                       const Gather::Shape& shape, std::uint32_t key_groups);
// Contiguous slices over all receivers, beginning with another one each time.
std::unique_ptr<Partitioner> make_rebalance(BatchPool& pool, std::uint32_t receivers,
                                            std::uint32_t first);
std::unique_ptr<Partitioner> make_broadcast(std::uint32_t receivers);
// Everything to one: forward and global.
std::unique_ptr<Partitioner> make_single(std::uint32_t receiver);
// Rows that the operator rejects, or sends out of range, go to receiver `fallback` with their
// rejection attached, for that stage's on_error; they do not wait for rows that are held back.
std::unique_ptr<Partitioner> make_custom(BatchPool& pool,
                                         std::unique_ptr<plugin::Instance> instance,
                                         const Gather::Shape& shape, std::uint32_t fallback);

}  // namespace sage::flow

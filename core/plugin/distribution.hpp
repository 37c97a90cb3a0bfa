#pragma once
// How often which values were recorded, in buckets of a sixteenth of a power of two, so that a
// quantile is right within 3.2 %. Values nearer to zero than 2^-64, or beyond 2^64, count as the
// nearest that has a bucket; NaN has none.

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace sage::plugin {

// A value.
class Distribution {
 public:
  static constexpr std::int32_t kPerPower = 16;  // buckets
  static constexpr std::int32_t kPowers = 128;   // with buckets, of one sign

  // Buckets in the order of what they hold: 0 of zero, negative ones of negative numbers.
  static std::int32_t bucket_of(double value);

  void add(std::int32_t bucket, std::uint64_t n) { counts_[bucket] += n; }
  void merge(const Distribution& other);
  // The middle of the bucket that holds the value which a share `q` (0..1) of all do not exceed; 0
  // where there is none.
  double quantile(double q) const;

 private:
  std::map<std::int32_t, std::uint64_t> counts_;
};

// One that is being written: by one thread, with relaxed atomics and no lock; read by any. Powers
// of two that do not occur cost a pointer.
class LiveDistribution {
 public:
  LiveDistribution();
  void record(double value);
  Distribution read() const;  // [any]

 private:
  using Power = std::array<std::atomic<std::uint64_t>, Distribution::kPerPower>;
  using Powers = std::array<std::atomic<Power*>, Distribution::kPowers>;
  std::atomic<std::uint64_t>& cell(std::atomic<Powers*>& side, std::int32_t place);
  static void read_side(const std::atomic<Powers*>& side, std::int32_t sign, Distribution& to);

  std::atomic<std::uint64_t> zeros_{0};
  std::atomic<Powers*> positive_{nullptr};
  std::atomic<Powers*> negative_{nullptr};
  // What the pointers point to; the writer's.
  std::vector<std::unique_ptr<Powers>> sides_;
  std::vector<std::unique_ptr<Power>> powers_;
};

}  // namespace sage::plugin

#include "plugin/distribution.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sage::plugin {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::int32_t kPerPower = Distribution::kPerPower;
constexpr std::int32_t kPowers = Distribution::kPowers;
constexpr std::int32_t kFirstPower = -kPowers / 2;

// The middle of the bucket.
double value_of(std::int32_t bucket) {
  if (bucket == 0)
    return 0;
  const std::int32_t place = std::abs(bucket) - 1;
  const double middle =
      std::ldexp(1 + (place % kPerPower + 0.5) / kPerPower, kFirstPower + place / kPerPower);
  return bucket < 0 ? -middle : middle;
}

}  // namespace

// The four highest bits of the mantissa are the sixteenth of the power of two.
std::int32_t Distribution::bucket_of(double value) {
  if (value == 0)
    return 0;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto power = static_cast<std::int32_t>((bits >> 52) & 0x7ff) - 1023;
  const auto sixteenth = static_cast<std::int32_t>((bits >> 48) & 0xf);
  const std::int32_t place =
      std::clamp(kPerPower * (power - kFirstPower) + sixteenth, 0, kPerPower * kPowers - 1);
  return std::signbit(value) ? -1 - place : 1 + place;
}

void Distribution::merge(const Distribution& other) {
  for (const auto& [bucket, n] : other.counts_)
    add(bucket, n);
}

double Distribution::quantile(double q) const {
  std::uint64_t all = 0;
  for (const auto& [bucket, n] : counts_)
    all += n;
  const double rank = std::ceil(q * static_cast<double>(all));
  std::uint64_t seen = 0;
  for (const auto& [bucket, n] : counts_) {
    seen += n;
    if (static_cast<double>(seen) >= rank)
      return value_of(bucket);
  }
  return 0;
}

LiveDistribution::LiveDistribution() = default;

std::atomic<std::uint64_t>& LiveDistribution::cell(std::atomic<Powers*>& side, std::int32_t place) {
  Powers* powers = side.load(kRelaxed);
  if (powers == nullptr) {
    powers = sides_.emplace_back(std::make_unique<Powers>()).get();
    side.store(powers, std::memory_order_release);
  }
  std::atomic<Power*>& slot = (*powers)[static_cast<std::size_t>(place / kPerPower)];
  Power* power = slot.load(kRelaxed);
  if (power == nullptr) {
    power = powers_.emplace_back(std::make_unique<Power>()).get();
    slot.store(power, std::memory_order_release);
  }
  return (*power)[static_cast<std::size_t>(place % kPerPower)];
}

void LiveDistribution::record(double value) {
  if (std::isnan(value))
    return;
  const std::int32_t bucket = Distribution::bucket_of(value);
  std::atomic<std::uint64_t>& count = bucket == 0  ? zeros_
                                      : bucket > 0 ? cell(positive_, bucket - 1)
                                                   : cell(negative_, -bucket - 1);
  count.store(count.load(kRelaxed) + 1, kRelaxed);
}

void LiveDistribution::read_side(const std::atomic<Powers*>& side, std::int32_t sign,
                                 Distribution& to) {
  const Powers* powers = side.load(std::memory_order_acquire);
  for (std::int32_t i = 0; powers != nullptr && i < kPowers; ++i) {
    const Power* power = (*powers)[static_cast<std::size_t>(i)].load(std::memory_order_acquire);
    for (std::int32_t k = 0; power != nullptr && k < kPerPower; ++k) {
      if (const std::uint64_t n = (*power)[static_cast<std::size_t>(k)].load(kRelaxed))
        to.add(sign * (1 + kPerPower * i + k), n);
    }
  }
}

Distribution LiveDistribution::read() const {
  Distribution all;
  if (const std::uint64_t n = zeros_.load(kRelaxed))
    all.add(0, n);
  read_side(positive_, 1, all);
  read_side(negative_, -1, all);
  return all;
}

}  // namespace sage::plugin

// Where a function puts any number of values. Made by the engine's side for one call. [task]
#pragma once

#include "codec.hpp"

namespace sage {

template <class T>
class Collector {
 public:
  // Rows of port 0, with the event time `ts`.
  explicit Collector(Out& out, std::int64_t ts = SAGE_NO_TS) : row_(out.row()), ts_(ts) {}
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  void collect(const T& value) {
    static constexpr Places<T> kPlaces;
    row_.begin(ts_);
    write_record(kPlaces, value, row_);
    row_.end();
    ++collected_;
  }
  std::uint32_t collected() const { return collected_; }

 private:
  Row& row_;
  std::int64_t ts_;
  std::uint32_t collected_ = 0;
};

}  // namespace sage

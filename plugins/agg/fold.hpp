#pragma once
// All aggregates of a stage over the records of one key: the layout of a key's cell, and what a
// record does to it. A record that is refused changes nothing.

#include "growing.hpp"

#include <span>
#include <vector>

namespace sage::agg {

class Fold {
 public:
  Fold(const Context& ctx, std::span<const Aggregate> aggregates);

  // Bytes of the fixed part of a cell, and whether parts follow it.
  std::uint32_t bytes() const { return bytes_; }
  bool grows() const { return !growing_.empty(); }

  // Throws RecordError where a sum would leave int64, or the key's output record 16 MiB.
  void add(Cells& cells, Cell& cell, Record record);
  // The records that were added.
  static std::uint64_t seen(const Cell& cell) { return load<std::uint64_t>(cell.fixed); }
  // Sets the fields of the aggregates.
  void write(Row& row, const Cell& cell);

 private:
  enum class Kind : std::uint8_t {
    kCount,
    kSumInt,
    kSumReal,
    kAvgInt,
    kAvgReal,
    kMin,
    kMax,
    kFirst,
    kLast
  };
  // How a scalar becomes a word that is compared or kept.
  enum class Form : std::uint8_t { kPlain, kBool, kNanLow, kNanHigh };

  // An aggregate of fixed size.
  struct Step {
    Kind kind = Kind::kCount;
    Form form = Form::kPlain;
    std::uint8_t from_mask = 0;
    std::uint8_t to_mask = 0;
    std::uint32_t at = 0;    // in the cell
    std::uint32_t from = 0;  // byte of the field in the input
    std::uint32_t to = 0;    // and in the output
    std::int64_t word(Record record) const;
    void apply(std::uint8_t* cell, bool fresh, Record record) const;
    void write(Row& row, const std::uint8_t* cell) const;
  };
  struct Sum {
    Step step;
    std::string message;
  };

  static Step make_step(const Aggregate& aggregate, SchemaView input);
  void add_step(const Aggregate& aggregate, SchemaView input, SchemaView output, std::uint32_t to);
  void check_sums(const Cell& cell, Record record) const;
  void check_size(const Cell& cell, bool fresh, Record record);
  std::uint64_t bare_size(Record record) const;

  std::vector<Step> steps_;
  std::vector<Sum> sums_;  // those of int64, again
  std::vector<Growing> growing_;
  std::vector<Field<std::string_view>> key_texts_;
  std::vector<Field<BytesView>> key_data_;
  std::uint32_t body_bytes_;
  std::uint32_t bytes_;
};

}  // namespace sage::agg

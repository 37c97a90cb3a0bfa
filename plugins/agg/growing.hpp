#pragma once
// One aggregate whose value has no fixed size: min, max, first and last of texts, data and lists,
// collect and top. A record is planned first, so that it can be refused before anything changes.

#include "aggregate.hpp"
#include "cells.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sage::agg {

class Growing {
 public:
  // Its field lies at byte `from` of the input and at byte `to` of the output, its Part at byte
  // `at` of a cell.
  Growing(const Aggregate& aggregate, std::uint32_t from, std::uint32_t to, std::uint32_t at);

  // Returns how many bytes the value would have in an output record, with this record in it. It
  // stays borrowed until `apply`, which must come first and takes the same cell.
  std::uint64_t plan(const Cell& cell, bool fresh, Record record);
  void apply(Cells& cells, Cell& cell);
  void write(Row& row, const Cell& cell);

 private:
  // A value of the input as the part keeps it.
  struct Value {
    BytesView bytes;
    std::uint32_t count = 0;
    std::uint64_t size = 0;  // in an output record
  };

  Part part_of(const Cell& cell) const { return load<Part>(cell.fixed + at_); }
  Value read(Record record);
  Value read_texts(ListView<std::string_view> texts);
  bool replaces(const Cell& cell, bool fresh) const;
  std::uint64_t plan_top(const Cell& cell, const Part& part) const;
  void append(Cells& cells, Cell& cell, Part& part) const;
  void insert_number(Cells& cells, Cell& cell, Part& part) const;
  void insert_text(Cells& cells, Cell& cell, Part& part);
  void write_numbers(Row& row, const Cell& cell, const Part& part);
  void write_texts(Row& row, const Cell& cell, const Part& part);

  Function function_;
  std::uint32_t n_;
  Type input_;
  Type output_;
  std::uint32_t from_;
  std::uint32_t to_;
  std::uint32_t at_;
  // The record that was planned.
  Value value_;
  std::int64_t number_ = 0;
  std::uint64_t size_ = 0;
  bool applies_ = false;
  std::string packed_;
  std::vector<std::string_view> texts_;
};

}  // namespace sage::agg

// Copying fields by name from records of one schema into rows of another one.
#pragma once

#include "out.hpp"

namespace sage {

// Which field goes where; made once, in open. By default every field that both schemas have (a
// field of the same name and another type is a Failure).
class CopyPlan {
 public:
  CopyPlan() = default;
  CopyPlan(SchemaView from, SchemaView to) {
    for (std::uint32_t i = 0; i < from.size(); ++i) {
      if (to.has(from.name(i))) {
        add(from, from.name(i), to, to.name(*to.find(from.name(i))));
      }
    }
  }
  template <std::ranges::input_range R>
  CopyPlan(SchemaView from, SchemaView to, const R& names) {
    for (const auto& name : names) {
      add(from, name, to, name);
    }
  }
  // Field `source` of `from` becomes field `target` of `to`.
  void add(SchemaView from, std::string_view source, SchemaView to, std::string_view target) {
    const auto i = from.find(source);
    const auto j = to.find(target);
    if (!i || !j || from.type(*i) != to.type(*j)) {
      throw Failure(SAGE_E_CONFIG, "cannot copy field '" + std::string(source) + "' to '" +
                                       std::string(target) + "'");
    }
    moves_.push_back({from.slot(*i), to.slot(*j)});
  }

 private:
  friend class Row;
  struct Move {
    Slot from;
    Slot to;

    template <class T>
    void apply(Row& row, Record record) const {
      row.set(to.as<T>(), record[from.as<T>()]);
    }
  };
  std::vector<Move> moves_;
};

inline void Row::copy(const CopyPlan& plan, Record from) {
  for (const CopyPlan::Move& move : plan.moves_) {
    switch (move.to.type) {
      case Type::kBool:
        move.apply<bool>(*this, from);
        break;
      case Type::kInt64:
      case Type::kFloat64:
      case Type::kTimestamp:
        move.apply<std::int64_t>(*this, from);
        break;
      case Type::kText:
        move.apply<std::string_view>(*this, from);
        break;
      case Type::kData:
        move.apply<BytesView>(*this, from);
        break;
      case Type::kListText:
        move.apply<ListView<std::string_view>>(*this, from);
        break;
      case Type::kListInt64:
      case Type::kListFloat64:
        move.apply<ListView<std::int64_t>>(*this, from);
        break;
      case Type::kListFloat32:
        move.apply<ListView<float>>(*this, from);
        break;
    }
  }
}

}  // namespace sage

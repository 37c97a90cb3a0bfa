#pragma once
// What the options of record/map make of the input's fields.

#include "script.hpp"

#include <sage/plugin.hpp>

#include <string>
#include <vector>

namespace sage::record {

// One field of the output.
struct MapColumn {
  std::string name;    // in the output
  std::string source;  // before it was renamed
  Type type = Type::kText;
  bool is_set = false;  // by the expression of its source; else copied
};

class MapPlan {
 public:
  struct Mistake {
    std::string place;
    std::string message;
    std::string hint;
  };
  MapPlan(SchemaView input, const Config& options);

  std::vector<MapColumn> columns;
  std::vector<Expression> expressions;  // in the order of the file
  std::vector<Mistake> mistakes;

 private:
  void select(const Config& options);
  void add_set(const Config& options);
  void check_types(const Config& options);
  void rename(const Config& options);
  void check_names();
  std::optional<Type> type_of(const std::string& field, const ConfigValue& types);
  MapColumn* column(std::string_view source);
  std::vector<std::string> sources() const;

  SchemaView input_;
};

}  // namespace sage::record

// The plugin `record`.
#include "filter.hpp"
#include "map.hpp"
#include "parse_json.hpp"
#include "to_json.hpp"

using sage::operator_of;

SAGE_PLUGIN("record", "1.0.0", "Operators on the fields of records",
            operator_of<sage::record::Filter>("filter",
                                              "Keeps the records for which an expression is true")
                .doc(sage::record::Filter::kDoc),
            operator_of<sage::record::Map>("map", "Sets, keeps, drops and renames fields")
                .doc(sage::record::Map::kDoc),
            operator_of<sage::record::ParseJson>("parse_json", "Reads JSON into fields")
                .doc(sage::record::ParseJson::kDoc),
            operator_of<sage::record::ToJson>("to_json", "Writes fields as one JSON text")
                .doc(sage::record::ToJson::kDoc));

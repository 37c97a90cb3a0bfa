// The plugin `record`.
#include "parse_json.hpp"

SAGE_PLUGIN("record", "1.0.0", "Operators on the fields of records",
            sage::operator_of<sage::record::ParseJson>("parse_json", "Reads JSON into fields")
                .doc(sage::record::ParseJson::kDoc));

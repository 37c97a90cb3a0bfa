// The plugin `agg`.
#include "count.hpp"
#include "reduce.hpp"

SAGE_PLUGIN("agg", "1.0.0", "Aggregates by key",
            sage::operator_of<sage::agg::Count>("count", "Counts the records of each key")
                .kind(SAGE_KIND_KEYED)
                .doc(sage::agg::Count::kDoc),
            sage::operator_of<sage::agg::Reduce>("reduce", "Sums up the records of each key")
                .kind(SAGE_KIND_KEYED)
                .doc(sage::agg::Reduce::kDoc));

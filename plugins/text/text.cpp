// The plugin `text`.
#include "split.hpp"

SAGE_PLUGIN("text", "1.0.0", "Operators on text",
            sage::operator_of<sage::text::Split>("split", "Splits a text into words")
                .doc(sage::text::Split::kDoc));

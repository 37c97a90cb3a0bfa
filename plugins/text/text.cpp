// The plugin `text`.
#include "lower.hpp"
#include "regex.hpp"
#include "split.hpp"

SAGE_PLUGIN("text", "1.0.0", "Operators on text",
            sage::operator_of<sage::text::Split>("split", "Splits a text into words")
                .doc(sage::text::Split::kDoc),
            sage::operator_of<sage::text::Lower>("lower", "Makes a text lower case")
                .doc(sage::text::Lower::kDoc)
                .kind(SAGE_KIND_MAP)
                .traits(SAGE_TRAIT_IN_PLACE),
            sage::operator_of<sage::text::Regex>("regex", "Takes fields out of a text")
                .doc(sage::text::Regex::kDoc));

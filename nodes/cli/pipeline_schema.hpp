#pragma once
// The pipeline file as JSON Schema (draft-07), with the options of every operator of the catalogue.
// For editors; `sage lint` is stricter. Pure.

#include "json_text.hpp"
#include "schema/catalogue.hpp"

namespace sage::cli {

Json pipeline_schema(const schema::Catalogue& catalogue);

}  // namespace sage::cli

#pragma once
// Checks the options of a stage as written against the operator's description: unknown names,
// types, units, ranges, allowed values, required ones; fills in defaults. Pure. [any]

#include "base/result.hpp"
#include "schema/catalogue.hpp"
#include "schema/option.hpp"
#include "spec/value.hpp"

#include <string>

namespace sage::plan {

struct OptionCheck {
  const spec::Table& with;                // as written
  Place place;                            // of the `with` table (or the stage), for what is missing
  std::string owner;                      // "io/file", for messages
  const schema::OperatorInfo& info;       // says which options there are
  const schema::Schema* input = nullptr;  // of input 0, for options of type FIELD; nullptr: unknown
};

// The options in the order of the file, then those with defaults in the order of the description.
// What has a finding is left out.
schema::OptionTable check_options(const OptionCheck& check, Diagnostics& findings);

// The place of an option by its path ("set.long", "keep.0"), or of the deepest part of it that is
// written; `fallback` if there is none.
Place option_place(const spec::Table& with, const std::string& path, const Place& fallback);

}  // namespace sage::plan

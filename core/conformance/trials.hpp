#pragma once
// The checks themselves, for the process that runs one. [control] Some start threads, and end them.

#include "conformance/outcome.hpp"
#include "conformance/subject.hpp"
#include "flow/batch.hpp"

namespace sage::conformance {

struct Trial {
  const Subject& subject;
  const Report& report;
  flow::BatchPool& pool;
};

// Take an operator whose options need not work.
Outcome check_description(const plugin::LoadedOperator& loaded);
Outcome try_options(const Trial& trial);

Outcome try_create(const Trial& trial);
Outcome try_batches(const Trial& trial);
Outcome try_values(const Trial& trial);
Outcome try_unchanged(const Trial& trial);
Outcome try_polls(const Trial& trial);
Outcome try_finish(const Trial& trial);
Outcome try_interrupt(const Trial& trial);
Outcome try_rounds(const Trial& trial);
Outcome try_commit(const Trial& trial);

}  // namespace sage::conformance

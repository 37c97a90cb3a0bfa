#pragma once
// io/null: takes everything and drops it.

#include <sage/plugin.hpp>

namespace sage::io {

class Null {
 public:
  static constexpr const char* kDoc =
      "Takes records of every schema and drops them. They count as rows of the stage, so that a "
      "pipeline's rate can be measured without what writing costs.";

  void write(Batch) {}
};

}  // namespace sage::io

#pragma once
// A checked option table as operators see it: sage_config over schema::OptionTable. Borrows the
// table; valid while create or resolve runs. [control]

#include "schema/option.hpp"

#include <sage/ext/config.h>

namespace sage::plugin {

// `options` may be null: no option was given and none has a default.
sage_config config_view(const schema::OptionTable* options);

}  // namespace sage::plugin

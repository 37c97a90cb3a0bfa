#pragma once
// A checked option table as operators see it: sage_config over schema::OptionTable. Borrows the
// table; valid while create or resolve runs. [control]

#include <sage/ext/config.h>

#include "schema/option.hpp"

namespace sage::plugin {

// `options` may be null: no option was given and none has a default.
sage_config config_view(const schema::OptionTable* options);

}  // namespace sage::plugin

#pragma once
// The plugins in the folders of a search path: which files there are, what each describes, which
// one wins where several offer the same plugin. Runs none of their code in this process. [control]

#include "plugin/registry.hpp"
#include "schema/catalogue.hpp"

namespace sage::plugin {

schema::Catalogue read_folders(const RegistryConfig& config);

}  // namespace sage::plugin

#pragma once
// An operator out of a built plugin of ours, to be driven by sage::testkit::Harness.

#include <sage/plugin.h>

#include <string>

namespace sage::test {

// `name` is "plugin/operator". The plugin is loaded once and stays loaded. Throws
// std::runtime_error if there is no such file or operator.
const sage_operator* loaded(const std::string& name);

}  // namespace sage::test

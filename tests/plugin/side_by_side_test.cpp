// Several versions of one plugin, and several files of one name, in one process.
#include "folders.hpp"
#include "plugin/instance.hpp"
#include "plugin/registry.hpp"

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

std::unique_ptr<Registry> open(const RegistryConfig& config) {
  auto registry = Registry::open(config);
  REQUIRE(registry);
  return std::move(*registry);
}

// Calls the operator once; says how often its library was called so far.
double call(Registry& registry, const char* version) {
  auto op = registry.load("toy", version, "tally");
  REQUIRE(op);
  InstanceSpec spec;
  spec.op = *op;
  auto instance = Instance::create(std::move(spec));
  REQUIRE(instance);
  REQUIRE((*instance)->open());
  sage_batch batch{};
  batch.struct_size = sizeof batch;
  REQUIRE((*instance)->process(&batch, nullptr) == SAGE_FORWARD);
  return (*instance)->metrics().at(0).value;
}

}  // namespace

TEST_CASE("versions side by side share no static state", "[plugin]") {
  const TempFolder temp;
  temp.put("ok_1.2.9", "plugins/a.so");
  temp.put("ok_1.10.0", "plugins/b.so");
  const auto registry = open(temp.config());
  CHECK(call(*registry, "1.2") == 1);
  CHECK(call(*registry, "1.2") == 2);
  CHECK(call(*registry, "1.10") == 1);
  CHECK(call(*registry, "1.2") == 3);
}

TEST_CASE("two builds of one source share no inline or template variable", "[plugin]") {
  const TempFolder temp;
  temp.put("statics_1.0.0", "plugins/a.so");
  temp.put("statics_2.0.0", "plugins/b.so");
  const auto registry = open(temp.config());
  CHECK(call(*registry, "1.0") == 111'111);
  CHECK(call(*registry, "2.0") == 111'111);
  CHECK(call(*registry, "1.0") == 222'222);
  CHECK(call(*registry, "2.0") == 222'222);
}

TEST_CASE("a plugin that is replaced while it is in use stays the old one until the next look",
          "[plugin]") {
  const TempFolder temp;
  const std::string file = temp.put("ok_1.2.0", "plugins/toy.so");
  const auto old = open(temp.config());
  const double calls = call(*old, "");
  temp.put("ok_2.0.0", "plugins/toy.so");
  CHECK(call(*old, "") == calls + 1);
  const auto fresh = open(temp.config());
  CHECK(fresh->catalogue().plugins.at(0).version == "2.0.0");
  call(*fresh, "");
  CHECK(call(*old, "") == calls + 2);
  write(file, "overwritten in place");
  CHECK(call(*old, "") == calls + 3);
}

}  // namespace sage::plugin

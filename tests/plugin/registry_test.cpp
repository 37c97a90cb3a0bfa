#include "plugin/registry.hpp"

#include "folders.hpp"
#include "plugin/codes.hpp"
#include "plugin/examine.hpp"

#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

std::unique_ptr<Registry> open(const RegistryConfig& config) {
  auto registry = Registry::open(config);
  REQUIRE(registry);
  return std::move(*registry);
}

std::string refusal(const Registry& registry, const std::string& file) {
  for (const schema::Refusal& refusal : registry.catalogue().refused) {
    if (refusal.file == file) {
      return refusal.code;
    }
  }
  return "";
}

std::string version_of(const Registry& registry, const char* pin) {
  for (const schema::PluginInfo& info : registry.catalogue().plugins) {
    for (const schema::OperatorInfo& op : info.operators) {
      const auto found = registry.find("toy", pin, "tally");
      if (found && *found == &op) {
        return info.version;
      }
    }
  }
  return "";
}

}  // namespace

TEST_CASE("a plugin is found, described and loaded", "[plugin]") {
  const TempFolder temp;
  const std::string file = temp.put("ok", "plugins/toy.so");
  const auto registry = open(temp.config({"none", "plugins"}));
  REQUIRE(registry->catalogue().plugins.size() == 1);
  const schema::PluginInfo& info = registry->catalogue().plugins[0];
  CHECK(info.id == "toy");
  CHECK(info.file == file);
  CHECK(info.digest.size() == 64);
  CHECK(info.license == "Apache-2.0");
  REQUIRE(info.operators.size() == 1);
  const schema::OperatorInfo& op = info.operators[0];
  CHECK(op.kind == SAGE_KIND_MAP);
  CHECK(op.inputs.size() == 1);
  REQUIRE(op.options.size() == 2);
  CHECK(op.options[0].allowed == std::vector<std::string>{"one", "two"});
  CHECK(op.options[1].default_value == "7");
  CHECK(op.options[1].minimum == 1);
  const auto loaded = registry->load("toy", "", "tally");
  REQUIRE(loaded);
  CHECK(loaded->info == &op);
  CHECK(std::string(loaded->op->id) == "tally");
  CHECK(registry->load("toy", "1.0", "tally")->op == loaded->op);
  CHECK((fs::status(temp / "cache").permissions() & fs::perms::all) == fs::perms::owner_all);
  const fs::path copy = temp / ("cache/" + info.digest + ".so");
  CHECK(fs::status(copy).permissions() == (fs::perms::owner_read | fs::perms::owner_exec));
}

TEST_CASE("what is not there is named, with what was meant", "[plugin]") {
  const TempFolder temp;
  temp.put("ok", "plugins/toy.so");
  temp.put("wrong_major", "plugins/older.so");
  const auto registry = open(temp.config());
  CHECK(registry->find("tpy", "", "tally").error().code == kNoPlugin);
  CHECK(registry->find("tpy", "", "tally").error().hint.find("toy") != std::string::npos);
  CHECK(registry->find("older", "", "x").error().hint.find("was refused") != std::string::npos);
  CHECK(registry->find("toy", "", "tolly").error().code == kNoOperator);
  CHECK(registry->find("toy", "", "tolly").error().hint.find("tally") != std::string::npos);
  CHECK(registry->find("toy", "7", "tally").error().code == kNoVersion);
  CHECK(registry->find("toy", "7", "tally").error().hint == "found: 1.0.0");
}

TEST_CASE("every bad plugin is refused for its own reason, and the good one still works",
          "[plugin]") {
  const TempFolder temp;
  const std::pair<const char*, std::string_view> all[] = {{"wrong_major", kOtherMajor},
                                                          {"needs_newer", kNeedsNewer},
                                                          {"no_entry", kNoEntry},
                                                          {"no_note", kNoNote},
                                                          {"two_exports", kManyExports},
                                                          {"unique", kUniqueSymbols},
                                                          {"aborts", kCrashed},
                                                          {"exits", kCrashed},
                                                          {"wild_pointer", kCrashed},
                                                          {"undefined_symbol", kNotLoadable},
                                                          {"null_operator_id", kBadDescriptor},
                                                          {"illegal_operator_id", kBadDescriptor},
                                                          {"same_operator_twice", kBadDescriptor},
                                                          {"many_operators", kBadDescriptor},
                                                          {"null_option", kBadDescriptor},
                                                          {"wrong_role", kBadDescriptor},
                                                          {"unknown_kind", kBadDescriptor},
                                                          {"note_differs", kNoteDiffers},
                                                          {"refuses_host", kRefusedHost},
                                                          {"ok", ""}};
  for (const auto& [name, code] : all) {
    temp.put(name, std::string("plugins/") + name + ".so");
  }
  write(temp / "plugins/text.so", "INPUT(libother.so)");
  write(temp / "plugins/empty.so", "");
  fs::create_directories(temp / "plugins/folder.so");
  const auto registry = open(temp.config());
  for (const auto& [name, code] : all) {
    CAPTURE(name);
    CHECK(refusal(*registry, temp / ("plugins/" + std::string(name) + ".so")) == code);
  }
  CHECK(refusal(*registry, temp / "plugins/text.so") == kNotElf);
  CHECK(refusal(*registry, temp / "plugins/empty.so") == kNotElf);
  CHECK(refusal(*registry, temp / "plugins/folder.so") == kNoFile);
  CHECK(registry->catalogue().plugins.size() == 1);
  CHECK(registry->load("toy", "", "tally"));
}

TEST_CASE("a plugin whose note and description name different interfaces is refused", "[plugin]") {
  const TempFolder temp;
  std::string bytes = contents(temp.put("ok", "ok.so"));
  const std::string owner("\x01\0\0\0SAGE\0\0\0\0", 12);
  const std::size_t at = bytes.find(owner);
  REQUIRE(at != std::string::npos);
  const std::uint32_t built = SAGE_ABI_VERSION + 1;
  bytes.replace(at + owner.size(), sizeof built, reinterpret_cast<const char*>(&built),
                sizeof built);
  write(temp / "doctored.so", bytes);
  const auto refused = examine(temp / "doctored.so", temp.config());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == kNoteDiffers);
  CHECK(refused.error().message.find("is built for 1.1 and works from 1.0") != std::string::npos);
}

TEST_CASE("a plugin that hangs is given up after the time allowed", "[plugin]") {
  const TempFolder temp;
  const std::string file = temp.put("hangs", "plugins/hangs.so");
  RegistryConfig config = temp.config();
  config.scan_timeout_ms = 300;
  const auto before = std::chrono::steady_clock::now();
  CHECK(refusal(*open(config), file) == kHung);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
  config.scanner = "/nonexistent";
  CHECK(refusal(*open(config), file) == kHung);  // remembered
}

TEST_CASE("files are looked at side by side, and what is said of them keeps their order",
          "[plugin]") {
  const TempFolder temp;
  std::vector<std::string> expected;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    const bool hangs = *name == 'a' || *name == 'e';
    expected.push_back(
        temp.put(hangs ? "hangs" : "aborts", std::string("plugins/") + name + ".so"));
  }
  temp.put("ok", "plugins/g.so");
  RegistryConfig config = temp.config();
  config.scan_timeout_ms = 2'000;
  const auto registry = open(config);
  std::vector<std::string> files;
  for (const schema::Refusal& refusal : registry->catalogue().refused) {
    files.push_back(refusal.file);
    CHECK(refusal.code == (refusal.reason.find("SIGABRT") != std::string::npos ? kCrashed : kHung));
  }
  CHECK(files == expected);
  CHECK(registry->catalogue().plugins.size() == 1);
}

TEST_CASE("what a plugin prints or leaves running does not disturb the scan", "[plugin]") {
  const TempFolder temp;
  temp.put("prints", "plugins/prints.so");
  CHECK(open(temp.config())->catalogue().plugins.size() == 1);
}

TEST_CASE("plugins of other headers of the same major version work", "[plugin]") {
  const TempFolder temp;
  const std::string name = GENERATE("older_header", "newer_header");
  temp.put(name, "plugins/toy.so");
  const auto registry = open(temp.config());
  CHECK(registry->load("toy", "", "tally"));
}

TEST_CASE("a plugin whose init fails is not used", "[plugin]") {
  const TempFolder temp;
  temp.put("init_fails", "plugins/toy.so");
  const auto registry = open(temp.config());
  CHECK(registry->catalogue().plugins.size() == 1);
  const auto loaded = registry->load("init_fails", "", "tally");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == kRefusedHost);
}

TEST_CASE("truncated copies of a plugin are refused, whole ones accepted", "[plugin]") {
  const TempFolder temp;
  const std::string whole = contents(temp.put("ok", "plugins/whole.so"));
  for (std::size_t size = 1024; size < whole.size(); size += 1024) {
    write(temp / ("plugins/part" + std::to_string(size) + ".so"), whole.substr(0, size));
  }
  const auto registry = open(temp.config());
  CHECK(registry->catalogue().plugins.size() == 1);
  CHECK(registry->catalogue().refused.size() == (whole.size() - 1) / 1024);
  for (const schema::Refusal& refused : registry->catalogue().refused) {
    CHECK(refused.code == kDamaged);
  }
}

TEST_CASE("a world-writable folder or file is refused", "[plugin]") {
  const TempFolder temp;
  temp.put("ok", "plugins/toy.so");
  const std::string open_file = temp.put("other", "other/other.so");
  fs::permissions(temp / "plugins", fs::perms::others_write, fs::perm_options::add);
  fs::permissions(open_file, fs::perms::others_write, fs::perm_options::add);
  const auto registry = open(temp.config({"plugins", "other"}));
  CHECK(registry->catalogue().plugins.empty());
  CHECK(refusal(*registry, temp / "plugins") == kWorldWritable);
  CHECK(refusal(*registry, open_file) == kWorldWritable);
}

TEST_CASE("symbolic links are not followed, and said to be", "[plugin]") {
  const TempFolder temp;
  temp.put("ok", "elsewhere/toy.so");
  fs::create_directories(temp / "plugins");
  fs::create_symlink(temp / "elsewhere/toy.so", temp / "plugins/toy.so");
  const auto registry = open(temp.config());
  CHECK(registry->catalogue().plugins.empty());
  CHECK(refusal(*registry, temp / "plugins/toy.so") == kNoFile);
}

TEST_CASE("the first folder that has an id wins, pins search all", "[plugin]") {
  const TempFolder temp;
  temp.put("ok_1.2.0", "first/a.so");
  temp.put("ok_1.10.0", "first/b.so");
  temp.put("ok_1.2.9", "first/c.so");
  temp.put("ok_2.0.0", "second/toy.so");
  const auto registry = open(temp.config({"first", "second"}));
  CHECK(version_of(*registry, "") == "1.10.0");
  CHECK(version_of(*registry, "1.2") == "1.2.9");
  CHECK(version_of(*registry, "1.2.0") == "1.2.0");
  CHECK(version_of(*registry, "2") == "2.0.0");
  CHECK(version_of(*registry, "3").empty());
  REQUIRE(registry->catalogue().warnings.size() == 1);
  CHECK(registry->catalogue().warnings[0].find("second/toy.so") != std::string::npos);
  const auto reversed = open(temp.config({"second", "first", "second"}));
  CHECK(version_of(*reversed, "") == "2.0.0");
  CHECK(version_of(*reversed, "1") == "1.10.0");
}

TEST_CASE("two files of one version in a folder: the second is refused", "[plugin]") {
  const TempFolder temp;
  temp.put("ok_1.2.0", "plugins/a.so");
  const std::string second = temp.put("ok_1.2.0", "plugins/b.so");
  const auto registry = open(temp.config());
  CHECK(registry->catalogue().plugins.size() == 1);
  CHECK(refusal(*registry, second) == kDuplicate);
}

TEST_CASE("a second look comes from the cache alone", "[plugin]") {
  const TempFolder temp;
  const std::string good = temp.put("ok", "plugins/toy.so");
  const std::string bad = temp.put("aborts", "plugins/bad.so");
  const auto before = open(temp.config());
  RegistryConfig config = temp.config();
  config.scanner = "/nonexistent";
  const auto after = open(config);
  REQUIRE(after->catalogue().plugins.size() == 1);
  CHECK(after->catalogue().plugins[0].digest == before->catalogue().plugins[0].digest);
  CHECK(after->catalogue().plugins[0].operators[0].options.size() == 2);
  CHECK(refusal(*after, bad) == kCrashed);
  CHECK(after->load("toy", "", "tally"));
  CHECK(examine(good, config).error().code == kNoScanner);  // always looks anew
  fs::last_write_time(good, fs::file_time_type::clock::now() - std::chrono::hours(1));
  CHECK(refusal(*open(config), good) == kNoScanner);
}

TEST_CASE("a damaged cache is made again", "[plugin]") {
  const TempFolder temp;
  temp.put("ok", "plugins/toy.so");
  open(temp.config());
  const std::string damage = GENERATE("", "{}", "nonsense", "{\"format\": 1, \"abi\": []}", "[[[[");
  for (const auto& entry : fs::directory_iterator(temp / "cache")) {
    if (entry.path().extension() == ".json") {
      write(entry.path().string(), damage);
    } else {
      fs::remove(entry.path());
    }
  }
  const auto registry = open(temp.config());
  CHECK(registry->catalogue().plugins.size() == 1);
  for (const auto& entry : fs::directory_iterator(temp / "cache")) {
    fs::remove(entry.path());
  }
  CHECK(registry->load("toy", "", "tally"));
}

TEST_CASE("a copy that holds other bytes is made again", "[plugin]") {
  const TempFolder temp;
  const std::string file = temp.put("ok", "plugins/toy.so");
  const auto info = examine(file, temp.config());
  REQUIRE(info);
  const std::string copy = temp / ("cache/" + info->digest + ".so");
  fs::remove(copy);
  write(copy, "something else");
  REQUIRE(examine(file, temp.config()));
  CHECK(contents(copy) == contents(file));
}

TEST_CASE("a plugin replaced between look and load is not loaded", "[plugin]") {
  const TempFolder temp;
  temp.put("other", "plugins/other.so");
  const auto registry = open(temp.config());
  fs::remove(temp / ("cache/" + registry->catalogue().plugins[0].digest + ".so"));
  temp.put("ok_2.0.0", "plugins/other.so");
  const auto loaded = registry->load("other", "", "tally");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == kChanged);
}

TEST_CASE("one file is examined without a registry", "[plugin]") {
  const TempFolder temp;
  const std::string good = temp.put("ok", "good.so");
  const std::string bad = temp.put("no_note", "bad.so");
  CHECK(examine(good, temp.config())->id == "toy");
  const auto refused = examine(bad, temp.config());
  CHECK(refused.error().code == kNoNote);
  CHECK(refused.error().message.starts_with(bad + ": "));
  CHECK(examine(temp / "none.so", temp.config()).error().kind == ErrorKind::kIo);
  CHECK(examine(temp / "cache", temp.config()).error().code == "E0703");
}

TEST_CASE("a cache folder that cannot be made is an error", "[plugin]") {
  const TempFolder temp;
  write(temp / "file", "");
  RegistryConfig config = temp.config();
  config.cache_dir = temp / "file/cache";
  const auto registry = Registry::open(config);
  REQUIRE_FALSE(registry);
  CHECK(registry.error().code == kNoCache);
}

}  // namespace sage::plugin

#include "spec/pipeline.hpp"

#include "base/text.hpp"
#include "spec/file.hpp"
#include "spec/findings.hpp"
#include "spec/interpolate.hpp"
#include "spec/overrides.hpp"
#include "spec/scan.hpp"
#include "spec/sections.hpp"
#include "spec/table_reader.hpp"
#include "spec/toml_reader.hpp"

#include <map>
#include <set>

namespace sage::spec {
namespace {

constexpr std::int64_t kFormatVersion = 1;

// "jobs/word count.toml" -> "word-count"; the name of a pipeline that has none.
std::string name_from_file(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  std::string stem = slash == std::string::npos ? file : file.substr(slash + 1);
  stem = stem.substr(0, stem.rfind('.'));
  std::string name;
  for (char c : stem.substr(0, 63)) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += good ? c : '-';
  }
  return is_name(name) ? name : "pipeline";
}

class FileParser {
 public:
  FileParser(const std::string& file, Findings& findings) : file_(file), findings_(findings) {
    pipeline_.file = file;
    pipeline_.name = {name_from_file(file), start()};
  }

  Pipeline run(const Table& root) {
    if (root.empty()) {
      findings_.add(invalid("E0123", start(), "the file is empty",
                            "begin with: sage = 1, then a [[stage]] with `id` and `use`"));
      return std::move(pipeline_);
    }
    TableReader reader(root, start(), "the file", findings_);
    if (!read_version(reader))
      return std::move(pipeline_);
    if (const Value* value = reader.get("pipeline"); value && is_table(*value, "[pipeline]")) {
      parse_pipeline_table(*value, pipeline_, findings_);
    }
    if (const Value* value = reader.get("cluster"); value && is_table(*value, "[cluster]")) {
      check_cluster_table(*value, findings_);
    }
    read_stages(reader.get("stage"));
    read_tests(reader.get("test"));
    reader.finish();
    return std::move(pipeline_);
  }

 private:
  Place start() const { return Place{file_, 1, 1, 1}; }

  // False: the file is of another version, whose keys we do not know.
  bool read_version(TableReader& reader) {
    const auto given = reader.require("sage", "begin the file with: sage = 1");
    if (given == nullptr)
      return true;
    const auto version = to_integer(*given);
    if (!version) {
      findings_.add(wrong_type("`sage`, the version of the format,", "an integer", *given,
                               "write: sage = 1"));
      return true;
    }
    if (*version == kFormatVersion)
      return true;
    findings_.add(
        invalid("E0121", given->place,
                "the file has version " + std::to_string(*version) +
                    " of the format, and this program reads version 1",
                *version > kFormatVersion ? "a newer program reads it" : "write: sage = 1"));
    return false;
  }

  bool is_table(const Value& value, const std::string& name) {
    if (value.table() != nullptr)
      return true;
    findings_.add(wrong_type(name, "a table", value, "write the header " + name));
    return false;
  }

  // The tables of [[stage]] or [[test]].
  std::vector<const Value*> tables(const Value* value, const std::string& name) {
    std::vector<const Value*> out;
    if (value == nullptr)
      return out;
    if (value->list() == nullptr) {
      findings_.add(wrong_type("`" + name + "`", "a list of tables", *value,
                               "write the header with two brackets: [[" + name + "]]"));
      return out;
    }
    for (const Value& item : *value->list()) {
      if (findings_.full())
        break;
      if (item.table() != nullptr) {
        out.push_back(&item);
      } else {
        findings_.add(wrong_type("each `" + name + "`", "a table", item,
                                 "write the header [[" + name + "]]"));
      }
    }
    return out;
  }

  void read_stages(const Value* value) {
    for (const Value* table : tables(value, "stage")) {
      if (findings_.full())
        return;
      pipeline_.stages.push_back(parse_stage(*table, findings_));
    }
    const bool none = value == nullptr || (value->list() != nullptr && value->list()->empty());
    if (none) {
      findings_.add(invalid("E0123", start(), "the file has no stages",
                            "add a [[stage]] with `id` and `use`"));
    }
  }

  void read_tests(const Value* value) {
    std::map<std::string, std::uint32_t> lines;
    std::vector<std::string> ids;
    for (const Stage& stage : pipeline_.stages) {
      ids.push_back(stage.id.value);
    }
    const std::set<std::string> known(ids.begin(), ids.end());
    for (const Value* table : tables(value, "test")) {
      if (findings_.full())
        return;
      Test test = parse_test(*table, findings_);
      const auto [first, is_new] = lines.try_emplace(test.name.value, test.name.place.line);
      if (!is_new && !test.name.value.empty()) {
        findings_.add(invalid("E0116", test.name.place, "another test has this name",
                              "the first one is in line " + std::to_string(first->second)));
      }
      for (const Located<std::string>& id : test.at) {
        if (known.count(id.value) != 0 || id.value.empty())
          continue;
        findings_.add(invalid("E0201", id.place, "there is no stage `" + id.value + "`",
                              suggest(id.value, ids)));
      }
      pipeline_.tests.push_back(std::move(test));
    }
  }

  const std::string& file_;
  Findings& findings_;
  Pipeline pipeline_;
};

}  // namespace

Parsed parse_pipeline(std::string_view text, const std::string& file, const ParseOptions& options) {
  Parsed parsed;
  Findings findings;
  parsed.pipeline.file = file;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark))
    text.remove_prefix(kByteOrderMark.size());
  Result<Table> root = read_toml(text, file);
  if (text.size() <= kMostFileBytes)
    parsed.lines = split_lines(text);
  if (!root) {
    findings.add(std::move(root.error()));
  } else {
    apply_overrides(*root, options, findings);
    interpolate(*root, file, parsed.lines, options.environment, findings);
    parsed.pipeline = FileParser(file, findings).run(*root);
  }
  parsed.findings = std::move(findings).take(file);
  return parsed;
}

Parsed load_pipeline(const std::string& file, const ParseOptions& options) {
  Result<std::string> text = read_file(file, kMostFileBytes, false);
  if (text)
    return parse_pipeline(*text, file, options);
  Parsed parsed;
  parsed.pipeline.file = file;
  parsed.findings.push_back(std::move(text.error()));
  return parsed;
}

}  // namespace sage::spec

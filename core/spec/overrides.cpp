#include "spec/overrides.hpp"

#include "base/text.hpp"
#include "spec/toml_reader.hpp"

#include <optional>
#include <vector>

namespace sage::spec {
namespace {

constexpr std::size_t kMostParts = 64;

Error misuse(const Place& place, std::string message, std::string hint) {
  return {ErrorKind::kUsage, "E0125", std::move(message), std::move(hint), place};
}

// PATH=VALUE, with the place that findings about it get.
struct Assignment {
  std::vector<std::string> path;
  Value value;
  Place place;
};

Place place_in(std::string_view flag, const std::string& text, std::size_t from, std::size_t size) {
  return Place{std::string(flag) + text, 1, static_cast<std::uint32_t>(from + 1),
               static_cast<std::uint32_t>(size == 0 ? 1 : size)};
}

Member* find_member(Table& table, std::string_view key) {
  for (Member& member : table) {
    if (member.key.value == key)
      return &member;
  }
  return nullptr;
}

// Lists, tables and quoted texts are written as in the file; anything else is taken as it stands.
Result<Value> read_value(const std::string& text, const Place& place) {
  Value value;
  value.place = place;
  value.interpolated = true;
  if (text.empty() || std::string_view("[{\"'").find(text[0]) == std::string_view::npos) {
    if (!is_valid_utf8(text))
      return misuse(place, "the value is not UTF-8 text", "");
    value.data = text;
    return value;
  }
  Result<Table> parsed = read_toml("v = " + text, place.file);
  if (!parsed || parsed->size() != 1) {
    return misuse(place, "the value is not valid TOML",
                  "quote the whole argument for the shell: --set 'words.from=[\"a\", \"b\"]'");
  }
  value.data = std::move(parsed->front().value.data);
  return value;
}

// Places inside a value that was read by itself all point at the whole value.
void replace_places(Value& value, const Place& place) {
  value.place = place;
  value.interpolated = true;
  if (auto* items = std::get_if<List>(&value.data)) {
    for (Value& item : *items) {
      replace_places(item, place);
    }
  } else if (auto* members = std::get_if<Table>(&value.data)) {
    for (Member& member : *members) {
      member.key.place = place;
      replace_places(member.value, place);
    }
  }
}

Result<Assignment> read_assignment(const std::string& text, std::string_view flag,
                                   const std::string& form) {
  const std::size_t equals = text.find('=');
  const Place whole = place_in(flag, text, 0, text.size());
  if (equals == std::string::npos) {
    return misuse(whole, "`" + text + "` has no `=`", "write " + std::string(flag) + form);
  }
  Assignment out;
  out.place = place_in(flag, text, 0, equals);
  std::size_t at = 0;
  while (at <= equals && out.path.size() <= kMostParts) {
    const std::size_t end = std::min(text.find('.', at), equals);
    out.path.push_back(text.substr(at, end - at));
    if (out.path.back().empty() || !is_valid_utf8(out.path.back()))
      out.path.resize(kMostParts + 1);
    at = end + 1;
  }
  if (out.path.size() > kMostParts) {
    return misuse(out.place, "`" + text.substr(0, equals) + "` is not a path of keys",
                  "write " + std::string(flag) + form);
  }
  const Place place = place_in(flag, text, equals + 1, text.size() - equals - 1);
  SAGE_TRY(out.value, read_value(text.substr(equals + 1), place));
  replace_places(out.value, place);
  return out;
}

// The table that the first part of a path names, or an error.
Result<Table*> find_start(Table& root, const Assignment& set) {
  const std::string& name = set.path.front();
  std::vector<std::string> known;
  if (Member* stages = find_member(root, "stage")) {
    auto* items = std::get_if<List>(&stages->value.data);
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      auto* table = std::get_if<Table>(&(*items)[i].data);
      const Value* id = table == nullptr ? nullptr : find(*table, "id");
      if (id == nullptr || id->text() == nullptr)
        continue;
      if (*id->text() == name)
        return table;
      known.push_back(*id->text());
    }
  }
  if (name == "pipeline" || name == "cluster") {
    if (find_member(root, name) == nullptr) {
      root.push_back(Member{{name, set.place}, Value{Table{}, set.place}});
    }
    if (auto* table = std::get_if<Table>(&find_member(root, name)->value.data))
      return table;
  }
  return misuse(set.place, "there is no stage `" + name + "` to set something of",
                suggest(name, known));
}

Status apply(Table& root, Assignment set) {
  SAGE_TRY(Table * table, find_start(root, set));
  for (std::size_t i = 1; i + 1 < set.path.size(); ++i) {
    Member* member = find_member(*table, set.path[i]);
    if (member == nullptr) {
      table->push_back(Member{{set.path[i], set.place}, Value{Table{}, set.place}});
      member = &table->back();
    }
    table = std::get_if<Table>(&member->value.data);
    if (table == nullptr) {
      return misuse(set.place,
                    "`" + set.path[i] + "` is " + std::string(type_name(member->value)) +
                        " in the file, and has no keys to set",
                    "set `" + set.path[i] + "` itself");
    }
  }
  if (Member* member = find_member(*table, set.path.back())) {
    member->value = std::move(set.value);
  } else {
    table->push_back(Member{{set.path.back(), set.place}, std::move(set.value)});
  }
  return Ok{};
}

Status apply_set(Table& root, const std::string& text) {
  SAGE_TRY(Assignment set, read_assignment(text, kSetFlag, "STAGE.KEY=VALUE"));
  if (set.path.size() < 2) {
    return misuse(set.place, "`" + set.path.front() + "` names no key",
                  "write --set STAGE.KEY=VALUE or --set STAGE.with.OPTION=VALUE");
  }
  return apply(root, std::move(set));
}

Status apply_parallelism(Table& root, const std::string& text) {
  SAGE_TRY(Assignment set, read_assignment(text, kParallelismFlag, "STAGE=NUMBER"));
  if (set.path.size() != 1 || set.path.front() == "pipeline" || set.path.front() == "cluster") {
    return misuse(set.place, "-P takes the name of one stage", "write -P STAGE=NUMBER");
  }
  set.path.emplace_back("parallelism");
  return apply(root, std::move(set));
}

}  // namespace

void apply_overrides(Table& root, const ParseOptions& options, Findings& findings) {
  for (const std::string& text : options.sets) {
    if (Status applied = apply_set(root, text); !applied)
      findings.add(applied.error());
  }
  for (const std::string& text : options.parallelism) {
    if (Status applied = apply_parallelism(root, text); !applied)
      findings.add(applied.error());
  }
}

}  // namespace sage::spec

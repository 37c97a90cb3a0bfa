#include "schema/schema.hpp"

#include "base/hash.hpp"
#include "schema/catalogue.hpp"

#include <sage/names.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace sage::schema {

namespace {

constexpr std::size_t kFieldsMax = 4096;

Error bad_field(std::string message) {
  return {ErrorKind::kInvalid, "E0224", std::move(message), "", std::nullopt};
}

std::string canonical(std::span<const FieldSpec> fields) {
  std::string text;
  for (const FieldSpec& field : fields) {
    text += field.name;
    text += ':';
    text += type_name(field.type);
    text += ';';
  }
  return text;
}

// user_id -> userId, Camel as the Cap'n Proto compiler demands of field names.
std::string camel_case(std::string_view name) {
  std::string out;
  bool upper = false;
  for (const char c : name) {
    if (c == '_') {
      upper = !out.empty();
    } else if (out.empty()) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  static const std::set<std::string, std::less<>> kReserved = {
      "union", "group", "struct", "enum", "interface", "using", "const", "annotation", "import"};
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0])))
    out = "f" + out;
  if (kReserved.contains(out))
    out += "Field";
  return out;
}

std::string_view capnp_type(Type type) {
  switch (type) {
    case Type::kBool:
      return "Bool";
    case Type::kInt64:
      return "Int64";
    case Type::kFloat64:
      return "Float64";
    case Type::kText:
      return "Text";
    case Type::kData:
      return "Data";
    case Type::kTimestamp:
      return "Int64";
    case Type::kListText:
      return "List(Text)";
    case Type::kListInt64:
      return "List(Int64)";
    case Type::kListFloat64:
      return "List(Float64)";
    case Type::kListFloat32:
      return "List(Float32)";
  }
  return "";
}

std::string hex(std::uint64_t n) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (int i = 15; i >= 0; --i, n >>= 4)
    out[static_cast<std::size_t>(i)] = kDigits[n & 15];
  return out;
}

}  // namespace

Result<SchemaPtr> Schema::make(std::vector<FieldSpec> fields) {
  if (fields.size() > kFieldsMax)
    return bad_field("a schema has at most 4096 fields");
  std::set<std::string_view> seen;
  for (const FieldSpec& field : fields) {
    if (!is_field_name(field.name)) {
      return bad_field("`" + field.name + "` is no legal field name ([A-Za-z_][A-Za-z0-9_]{0,62})");
    }
    if (type_name(field.type).empty())
      return bad_field("`" + field.name + "` has no legal type");
    if (!seen.insert(field.name).second) {
      return bad_field("field `" + field.name + "` stands twice");
    }
  }
  const std::uint64_t id = hash64(canonical(fields));
  return SchemaPtr(new Schema(SchemaTable(std::move(fields), id)));
}

std::optional<std::uint32_t> Schema::find(std::string_view name) const {
  for (std::uint32_t i = 0; i < fields().size(); ++i) {
    if (fields()[i].name == name)
      return i;
  }
  return std::nullopt;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> out;
  for (const FieldSpec& field : fields())
    out.push_back(field.name);
  return out;
}

std::string Schema::text() const {
  std::string out = "{";
  for (const FieldSpec& field : fields()) {
    if (out.size() > 1)
      out += ", ";
    out += field.name;
    out += ": ";
    out += type_name(field.type);
  }
  return out + "}";
}

std::string Schema::capnp_text(std::string_view name) const {
  std::set<std::string, std::less<>> taken;
  std::string out = "@0x" + hex(id() | (1ull << 63)) + ";\n\nstruct " + std::string(name) + " {\n";
  for (std::size_t i = 0; i < fields().size(); ++i) {
    const std::string base = camel_case(fields()[i].name);
    std::string unique = base;
    for (int n = 2; !taken.insert(unique).second; ++n)
      unique = base + std::to_string(n);
    out += "  " + unique + " @" + std::to_string(i) + " :";
    out += capnp_type(fields()[i].type);
    out += ";  # " + fields()[i].name;
    if (fields()[i].type == Type::kTimestamp)
      out += ", ns since 1970 UTC";
    out += "\n";
  }
  return out + "}\n";
}

bool same_fields(const Schema& a, const Schema& b) {
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end());
}

std::string_view kind_name(std::uint32_t kind) {
  static constexpr std::string_view kNames[] = {"",        "source", "map",  "filter",
                                                "flatmap", "keyed",  "sink", "partitioner"};
  return kind < std::size(kNames) ? kNames[kind] : "";
}

}  // namespace sage::schema

#include "fields.hpp"

#include <algorithm>
#include <array>

namespace sage::json {

namespace {

constexpr std::size_t kNameMax = 63;

struct Mistake {
  std::string place;
  std::string message;
  std::string hint;
};

const std::vector<std::string>& types() {
  static const std::vector<std::string> kTypes(kTypeNames.begin() + 1, kTypeNames.end());
  return kTypes;
}

class FieldsParser {
 public:
  FieldsParser(const Config& options, std::string option)
      : given_(options[option.c_str()]), option_(std::move(option)) {}

  void parse() {
    if (!given_.is_table() || given_.size() == 0) {
      mistakes.push_back({option_, "it names the fields of the rows and cannot be empty",
                          option_ + " = { user_id = \"text\", n = \"int64\" }"});
      return;
    }
    for (const auto [name, value] : given_) {
      parse_field(name, value);
      check_shared(option_ + "." + std::string(name));
    }
  }

  std::vector<JsonField> fields;
  std::vector<Mistake> mistakes;

 private:
  // A list is read once, as it passes by.
  void check_shared(const std::string& place) {
    const JsonField& last = fields.back();
    for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
      if (fields[i].path == last.path && (is_list(fields[i].type) || is_list(last.type))) {
        mistakes.push_back(
            {place, "'" + fields[i].name + "' and '" + last.name + "' read the same list", ""});
      }
    }
  }

  void parse_field(std::string_view name, const ConfigValue& value) {
    const std::string place = option_ + "." + std::string(name);
    if (!is_field_name(name)) {
      mistakes.push_back({place, "'" + std::string(name) + "' cannot be the name of a field",
                          "letters, digits and _; a member of another name is read with `from`"});
    }
    JsonField field;
    field.name = name;
    field.path = {field.name};
    if (value.is_text()) {
      parse_field_type(place, value, field);
    } else if (value.is_table()) {
      parse_table(place, value, field);
    } else {
      mistakes.push_back({place, "a type is needed", "write \"text\" or { type = \"text\" }"});
    }
    fields.push_back(std::move(field));
  }

  bool parse_field_type(const std::string& place, const ConfigValue& value, JsonField& field) {
    const auto type = parse_type(value.text());
    if (type) {
      field.type = *type;
    } else {
      mistakes.push_back({place, "there is no type '" + std::string(value.text()) + "'",
                          name_hint(value.text(), types())});
    }
    return type.has_value();
  }

  void parse_table(const std::string& place, const ConfigValue& table, JsonField& field) {
    static const std::vector<std::string> kKeys = {"type", "default", "from"};
    for (const auto [key, value] : table) {
      if (std::ranges::find(kKeys, key) == kKeys.end()) {
        mistakes.push_back({place + "." + std::string(key),
                            "a field has no '" + std::string(key) + "'", name_hint(key, kKeys)});
      }
    }
    const ConfigValue type = table.find("type");
    if (!type.is_text()) {
      mistakes.push_back({place, "a type is needed", "write { type = \"text\" }"});
    } else if (parse_field_type(place + ".type", type, field)) {
      parse_default(place + ".default", table.find("default"), field);
    }
    parse_path(place + ".from", table.find("from"), field);
  }

  void parse_default(const std::string& place, const ConfigValue& value, JsonField& field) {
    if (!value) {
      return;
    }
    field.fallback = value_of(value, field.type);
    if (!field.fallback) {
      const char* const hint = field.type == Type::kTimestamp ? "RFC 3339, in quotes"
                               : field.type == Type::kData    ? "base64, in quotes"
                                                              : "";
      mistakes.push_back(
          {place, "the default is not of type " + std::string(type_name(field.type)), hint});
    }
  }

  void parse_path(const std::string& place, const ConfigValue& value, JsonField& field) {
    if (!value) {
      return;
    }
    field.path.clear();
    std::string_view rest = value.text();
    while (true) {
      const std::size_t dot = rest.find('.');
      field.path.emplace_back(rest.substr(0, dot));
      if (dot == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(dot + 1);
    }
    if (!value.is_text() || std::ranges::find(field.path, std::string()) != field.path.end()) {
      mistakes.push_back({place, "names of members, with dots between them, are needed",
                          "such as \"address.city\""});
    }
  }

  ConfigValue given_;
  std::string option_;
};

}  // namespace

bool is_field_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const auto is_legal = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kNameMax && is_letter(name[0]) &&
         std::ranges::all_of(name, is_legal);
}

std::optional<JsonFields> JsonFields::resolve(Resolve& resolve, const Config& options,
                                              const char* option) {
  FieldsParser parser(options, option);
  parser.parse();
  for (const Mistake& mistake : parser.mistakes) {
    resolve.error(mistake.place, mistake.message, mistake.hint);
  }
  if (!parser.mistakes.empty()) {
    return std::nullopt;
  }
  JsonFields result;
  result.fields_ = std::move(parser.fields);
  return result;
}

JsonFields::JsonFields(const Config& options, const char* option) {
  FieldsParser parser(options, option);
  parser.parse();
  if (!parser.mistakes.empty()) {
    const Mistake& first = parser.mistakes.front();
    throw Failure(SAGE_E_CONFIG, first.place + ": " + first.message);
  }
  fields_ = std::move(parser.fields);
}

std::vector<FieldSpec> JsonFields::specs() const {
  std::vector<FieldSpec> result;
  for (const JsonField& field : fields_) {
    result.push_back({field.name, field.type});
  }
  return result;
}

}  // namespace sage::json

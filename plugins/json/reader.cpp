#include "reader.hpp"

#include "decode.hpp"
#include "members.hpp"
#include "number.hpp"

#include <algorithm>

namespace sage::json {

namespace {

static_assert(simdjson::SIMDJSON_PADDING <= SAGE_SLACK);

constexpr int kDepthMax = 500;  // of objects and lists in each other
constexpr std::size_t kParserDepth = 2 * kDepthMax + 16;
constexpr std::size_t kCapacityMin = 64u << 10;

// Whether a member's name, given behind its opening quote, contains a backslash.
bool is_escaped(const char* name) {
  while (*name != '"' && *name != '\\') {
    ++name;
  }
  return *name == '\\';
}

bool has_name(const Member& member, const char* at, std::size_t room) {
  const std::size_t n = member.name.size();
  return member.plain && n < room && std::memcmp(at, member.name.data(), n) == 0 && at[n] == '"';
}

// How many fields one member below this one, or itself, gives at most.
std::size_t most_fields(const Member& member) {
  std::size_t most = member.fields.size();
  for (const Member& inner : member.inner) {
    most = std::max(most, most_fields(inner));
  }
  return most;
}

void check_depth(int depth) {
  if (depth > kDepthMax) {
    throw RecordError("not a JSON object: nested more than " + std::to_string(kDepthMax) + " deep");
  }
}

}  // namespace

class JsonReader::Decoder {
 public:
  Decoder(const JsonFields& fields, SchemaView output) : members_(member_tree(fields.all())) {
    for (const JsonField& field : fields.all()) {
      const auto i = output.find(field.name);
      if (!i || output.type(*i) != field.type) {
        throw Failure(SAGE_E_CONFIG, "the output has no field '" + field.name + "' of type " +
                                         std::string(type_name(field.type)));
      }
      targets_.push_back({output.slot(*i), field.name});
      fallbacks_.push_back(field.fallback);
    }
    states_.resize(targets_.size());
    for (const Member& member : members_) {
      copies_ = std::max(copies_, most_fields(member));
    }
  }

  void read(std::string_view json, Row& row) {
    // A text that several fields want is unescaped for each of them.
    const std::size_t capacity = copies_ * json.size();
    if (parser_.capacity() < capacity || parser_.capacity() == 0) {
      check(parser_.allocate(std::max(2 * capacity, kCapacityMin), kParserDepth));
    }
    std::ranges::fill(states_, State::kAbsent);
    row_ = &row;
    end_ = json.data() + json.size();
    decoder_.set_end(end_);
    ondemand::document document;
    ondemand::object object;
    check(parser_.iterate(json.data(), json.size(), json.size() + SAGE_SLACK).get(document));
    if (const auto error = document.get_object().get(object); error == simdjson::INCORRECT_TYPE) {
      throw RecordError("not a JSON object but another value");
    } else {
      check(error);
    }
    read_object(object, members_, 1);
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      throw RecordError("not a JSON object: there is something behind it");
    }
    fill_gaps();
  }

 private:
  enum class State : std::uint8_t { kAbsent, kNull, kSet };

  void read_object(ondemand::object object, const std::vector<Member>& wanted, int depth) {
    check_depth(depth);
    std::size_t next = 0;  // members often come in the order of the fields
    for (auto result : object) {
      ondemand::field field;
      check(std::move(result).get(field));
      const Member* const member = find(field, wanted, next);
      if (member != nullptr) {
        read_value(field.value(), *member, depth);
      } else {
        skip(field.value(), depth);
      }
    }
  }

  // The wanted member that this one is, looked for from `next` on.
  const Member* find(ondemand::field& field, const std::vector<Member>& wanted, std::size_t& next) {
    const char* const name = field.key().raw();
    const auto room = static_cast<std::size_t>(end_ - name);
    for (std::size_t n = 0; n < wanted.size(); ++n, ++next) {
      next = next < wanted.size() ? next : 0;
      if (has_name(wanted[next], name, room)) {
        return &wanted[next++];
      }
    }
    if (!is_escaped(name)) [[likely]] {
      return nullptr;
    }
    std::string_view unescaped;
    check(field.unescaped_key().get(unescaped));
    const auto found = std::ranges::find(wanted, unescaped, &Member::name);
    return found == wanted.end() ? nullptr : &*found;
  }

  void read_value(ondemand::value value, const Member& member, int depth) {
    const bool null = *value.raw_json_token().data() == 'n';
    if (null) {
      check_scalar(value);
    }
    bool fresh = !null;
    for (const std::uint32_t i : member.fields) {
      fresh = fresh && states_[i] == State::kAbsent;
      if (null && states_[i] == State::kAbsent) {
        states_[i] = State::kNull;
      }
    }
    ondemand::object object;
    if (!member.inner.empty() && value.get_object().get(object) == simdjson::SUCCESS) {
      read_object(object, member.inner, depth + 1);
    } else if (!fresh || member.fields.empty()) {
      skip(value, depth);
      return;
    }
    for (const std::uint32_t i : member.fields) {
      if (fresh) {
        decoder_.set(*row_, targets_[i], value);
        states_[i] = State::kSet;
      }
    }
  }

  // A value that nobody wants; it has to be JSON all the same.
  void skip(ondemand::value value, int depth) {
    check_depth(depth);
    const char first = *value.raw_json_token().data();
    if (first == '{') {
      ondemand::object object;
      check(value.get_object().get(object));
      read_object(object, kNoMembers, depth + 1);
    } else if (first == '[') {
      ondemand::array array;
      check(value.get_array().get(array));
      for (auto result : array) {
        ondemand::value element;
        check(std::move(result).get(element));
        skip(element, depth + 1);
      }
    } else {
      check_scalar(value);
    }
  }

  void check_scalar(ondemand::value value) const {
    const std::string_view token = token_of(value, end_);
    if (token.starts_with('"')) {
      text_of(value, token);
    } else if (token != "true" && token != "false" && token != "null" &&
               number_kind(token) == NumberKind::kNone) {
      throw RecordError("not a JSON object: " + std::string(token.substr(0, 40)) + " is no value");
    }
  }

  void fill_gaps() {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (states_[i] == State::kSet) {
        continue;
      }
      if (!fallbacks_[i]) {
        throw RecordError("field '" + targets_[i].name + "' is " +
                          (states_[i] == State::kNull ? "null" : "missing") +
                          ", and has no default");
      }
      set_value(*row_, targets_[i].slot, *fallbacks_[i]);
    }
  }

  static inline const std::vector<Member> kNoMembers;

  std::vector<Member> members_;
  std::vector<Target> targets_;
  std::vector<std::optional<Value>> fallbacks_;
  std::size_t copies_ = 1;
  ondemand::parser parser_;
  FieldDecoder decoder_;
  // Of the text at hand.
  std::vector<State> states_;
  Row* row_ = nullptr;
  const char* end_ = nullptr;
};

JsonReader::JsonReader(const JsonFields& fields, SchemaView output)
    : decoder_(std::make_unique<Decoder>(fields, output)) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

void JsonReader::read(std::string_view json, Row& row) { decoder_->read(json, row); }

}  // namespace sage::json

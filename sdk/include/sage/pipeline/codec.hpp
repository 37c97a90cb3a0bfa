// Between a struct and the body of a record. Reading copies texts and lists into the struct;
// writing goes into a Row, or into bytes of its own for keyed state. Pure apart from the target.
#pragma once

#include "../out.hpp"
#include "members.hpp"

#include <cstddef>
#include <utility>

namespace sage {

// Where the members of T lie in records of one schema, which may have more fields than T.
template <Streamable T>
class Places {
 public:
  // As T itself is laid out.
  constexpr Places() {
    for_each_member<T>([&](const auto& member, auto i) {
      const Type type = kMemberType<std::remove_cvref_t<decltype(member)>>;
      const std::uint32_t offset = kLayout<T>.offsets[i];
      slots_[i] = {type, kLayout<T>.byte(i, type), static_cast<std::uint8_t>(1u << (offset % 8))};
    });
  }
  // By name. A Failure: the schema has no such field, or one of another type.
  explicit Places(SchemaView schema) {
    for_each_member<T>([&](const auto& member, auto i) {
      using View = typename ViewOf<typename std::remove_cvref_t<decltype(member)>::type>::type;
      const Field<View> field = schema.template field<View>(member.name);
      slots_[i] = {kTypeOf<View>, field.byte, field.mask};
    });
  }
  const Slot& operator[](std::size_t i) const { return slots_[i]; }

 private:
  std::array<Slot, kMemberCount<T>> slots_{};
};

namespace detail {

template <class M, class View>
void assign(M& to, View from) {
  if constexpr (std::is_same_v<M, View>) {
    to = from;
  } else if constexpr (std::is_same_v<M, std::vector<std::string>>) {
    to.clear();
    for (const std::string_view text : from) {
      to.emplace_back(text);
    }
  } else {
    to.assign(from.begin(), from.end());
  }
}

}  // namespace detail

template <Streamable T>
void read_record(const Places<T>& places, Record from, T& to) {
  for_each_member<T>([&](const auto& member, auto i) {
    using M = typename std::remove_cvref_t<decltype(member)>::type;
    using View = typename ViewOf<M>::type;
    detail::assign(member.of(to), from.get(places[i].template as<View>()));
  });
}

// `row`: begun; a Row or a BodyWriter.
template <Streamable T, class Writer>
void write_record(const Places<T>& places, const T& from, Writer& row) {
  for_each_member<T>([&](const auto& member, auto i) {
    using M = typename std::remove_cvref_t<decltype(member)>::type;
    using View = typename ViewOf<M>::type;
    if constexpr (std::is_same_v<M, std::string> || std::is_same_v<M, Bytes>) {
      row.set(places[i].template as<View>(), View(member.of(from)));
    } else {
      row.set(places[i].template as<View>(), member.of(from));
    }
  });
}

// One record body in memory of its own, with the setters of Row.
class BodyWriter {
 public:
  void begin(std::uint32_t body_bytes) { bytes_.assign(body_bytes, 0); }
  BytesView bytes() const { return bytes_; }

  void set(Field<bool> field, bool value) {
    bytes_[field.byte] = static_cast<std::uint8_t>(value ? bytes_[field.byte] | field.mask
                                                         : bytes_[field.byte] & ~field.mask);
  }
  void set(Field<std::int64_t> field, std::int64_t value) { put(field.byte, value); }
  void set(Field<double> field, double value) { put(field.byte, value); }
  void set(Field<Timestamp> field, Timestamp value) { put(field.byte, value.ns); }
  void set(Field<std::string_view> field, std::string_view value) { put_text(field.byte, value); }
  void set(Field<BytesView> field, BytesView value) {
    put_list(field.byte, wire::kElementByte, value.data(), value.size(), value.size());
  }
  template <class T, class M>
  void set(Field<ListView<T>> field, const std::vector<M>& values) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      std::size_t at =
          put_list(field.byte, wire::kElementPointer, nullptr, 8 * values.size(), values.size());
      for (const std::string& value : values) {
        put_text(at, value);
        at += 8;
      }
    } else {
      const auto element = sizeof(T) == 8 ? wire::kElementEight : wire::kElementFour;
      put_list(field.byte, element, values.data(), sizeof(T) * values.size(), values.size());
    }
  }

 private:
  template <class T>
  void put(std::size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void put_text(std::size_t at, std::string_view value) {
    if (!value.empty()) {  // counts the NUL
      put_list(at, wire::kElementByte, value.data(), value.size(), value.size() + 1);
    }
  }
  // Null data = zeroes. Returns where the list starts.
  std::size_t put_list(std::size_t at, std::uint64_t element, const void* data, std::size_t size,
                       std::size_t count) {
    const std::size_t target = bytes_.size();
    if (count == 0) {
      return target;
    }
    const std::size_t zeroed = size + (element == wire::kElementByte && count > size ? 1 : 0);
    if (target + zeroed > SAGE_MAX_RECORD) {
      throw RecordError(SAGE_E_TOO_LARGE, "the value would exceed 16 MiB");
    }
    bytes_.resize(target + (zeroed + 7) / 8 * 8);
    if (data != nullptr) {
      std::memcpy(bytes_.data() + target, data, size);
    }
    wire::store64(bytes_.data() + at,
                  wire::list_pointer(bytes_.data() + at, bytes_.data() + target, element, count));
    return target;
  }

  std::vector<std::uint8_t> bytes_;
};

template <Streamable T>
BytesView encode(const T& value, BodyWriter& writer) {
  static constexpr Places<T> kPlaces;
  writer.begin(kLayout<T>.body_bytes());
  write_record(kPlaces, value, writer);
  return writer.bytes();
}
// `body`: what encode() made.
template <Streamable T>
void decode(BytesView body, T& to) {
  static constexpr Places<T> kPlaces;
  const sage_record envelope{SAGE_NO_TS, 0, 0, static_cast<std::uint32_t>(body.size()), 0, 0};
  read_record(kPlaces, Record(body.data(), &envelope), to);
}

}  // namespace sage

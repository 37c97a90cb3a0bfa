// Plain structs as records. SAGE_RECORD(Click, user_id, page) behind the struct, in its namespace,
// names its fields in order; a bare value, such as a std::string, is a record with the one field
// `value`. Constant data and pure functions.
#pragma once

#include "../layout.hpp"
#include "for_each.hpp"

#include <array>
#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace sage {

using Bytes = std::vector<std::uint8_t>;

// The view (see types.hpp) by which a value of a member is read and written; void: no field type.
template <class M>
struct ViewOf {
  using type = void;
};
template <class M>
  requires std::same_as<M, bool> || std::same_as<M, std::int64_t> || std::same_as<M, double> ||
           std::same_as<M, Timestamp>
struct ViewOf<M> {
  using type = M;
};
template <>
struct ViewOf<std::string> {
  using type = std::string_view;
};
template <>
struct ViewOf<Bytes> {
  using type = BytesView;
};
template <>
struct ViewOf<std::vector<std::string>> {
  using type = ListView<std::string_view>;
};
template <class M>
  requires std::same_as<M, std::int64_t> || std::same_as<M, double> || std::same_as<M, float>
struct ViewOf<std::vector<M>> {
  using type = ListView<M>;
};

template <class M>
concept FieldValue = !std::is_void_v<typename ViewOf<M>::type>;

// A data member of a record, and the whole of a bare value.
template <class C, class M>
struct Member {
  using type = M;
  const char* name;
  M C::* pointer;
  constexpr M& of(C& object) const { return object.*pointer; }
  constexpr const M& of(const C& object) const { return object.*pointer; }
};
template <class M>
struct Whole {
  using type = M;
  const char* name = "value";
  constexpr M& of(M& object) const { return object; }
  constexpr const M& of(const M& object) const { return object; }
};

// In the place of a member that is no field, so that this is the only message.
template <class C>
struct NoMember {
  using type = bool;
  const char* name;
  bool& of(const C&) const;
};

template <class C, class M>
constexpr auto member(const char* name, M C::* pointer) {
  static_assert(FieldValue<M>,
                "SAGE_RECORD: a member is bool, std::int64_t, double, std::string, sage::Bytes, "
                "sage::Timestamp, or a std::vector of std::string, std::int64_t, double or float");
  if constexpr (FieldValue<M>) {
    return Member<C, M>{name, pointer};
  } else {
    return NoMember<C>{name};
  }
}

template <FieldValue M>
constexpr std::tuple<Whole<M>> sage_members(std::type_identity<M>) {
  return {};
}

// What a stream can carry: a struct with SAGE_RECORD that records can be read into, or a bare
// value.
template <class T>
concept Streamable =
    requires { sage_members(std::type_identity<T>()); } && std::default_initializable<T>;
template <class T>
concept RecordStruct = Streamable<T> && !FieldValue<T>;

template <Streamable T>
inline constexpr auto kMembers = sage_members(std::type_identity<T>());
template <Streamable T>
inline constexpr std::size_t kMemberCount =
    std::tuple_size_v<decltype(sage_members(std::type_identity<T>()))>;

// Calls visit(member, i) for each.
template <Streamable T, class Visit>
constexpr void for_each_member(Visit visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(std::get<I>(kMembers<T>), std::integral_constant<std::size_t, I>()), ...);
  }(std::make_index_sequence<kMemberCount<T>>());
}

// Of a data member; empty: SAGE_RECORD does not name it.
template <class T, class C, class M>
constexpr const char* member_name(M C::* pointer) {
  const char* name = "";
  for_each_member<T>([&](const auto& member, auto) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, Member<C, M>>) {
      name = member.pointer == pointer ? member.name : name;
    }
  });
  return name;
}

template <class Member>
inline constexpr Type kMemberType = kTypeOf<typename ViewOf<typename Member::type>::type>;

// Where the members lie: what the stock Cap'n Proto compiler gives these fields in this order.
template <Streamable T>
struct RecordLayout {
  std::array<std::uint32_t, kMemberCount<T>> offsets{};  // as in sage_field
  std::uint32_t data_words = 0;
  std::uint32_t ptr_words = 0;

  constexpr RecordLayout() {
    FieldPlacer placer;
    for_each_member<T>([&](const auto& member, auto i) {
      offsets[i] = placer.place(kMemberType<std::remove_cvref_t<decltype(member)>>);
    });
    data_words = placer.data_words();
    ptr_words = placer.ptr_words();
  }
  constexpr std::uint32_t body_bytes() const { return 8 * (data_words + ptr_words); }
  // Byte of member i in the body, see SchemaView::byte.
  constexpr std::uint32_t byte(std::size_t i, Type type) const {
    return type == Type::kBool ? offsets[i] / 8
           : is_scalar(type)   ? 8 * offsets[i]
                               : 8 * (data_words + offsets[i]);
  }
};
template <Streamable T>
inline constexpr RecordLayout<T> kLayout{};

template <Streamable T>
std::vector<FieldSpec> field_specs() {
  std::vector<FieldSpec> specs;
  for_each_member<T>([&](const auto& member, auto) {
    specs.push_back({member.name, kMemberType<std::remove_cvref_t<decltype(member)>>});
  });
  return specs;
}

}  // namespace sage

#define SAGE_MEMBER_(T, name) ::sage::member(#name, &T::name)
#define SAGE_RECORD(T, ...)                                             \
  [[maybe_unused]] constexpr auto sage_members(std::type_identity<T>) { \
    return std::tuple(SAGE_FOR_EACH(SAGE_MEMBER_, T, __VA_ARGS__));     \
  }                                                                     \
  static_assert(true, "so that a semicolon may follow")

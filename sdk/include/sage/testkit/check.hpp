// Is this payload a well-formed record of this schema? Operators' outputs are held against it.
#pragma once

#include "../record.hpp"

namespace sage::testkit {

namespace detail {

class RecordCheck {
 public:
  RecordCheck(SchemaView schema, BytesView payload) : schema_(schema), payload_(payload) {}

  void run() const {
    require(payload_.size() % 8 == 0, "its length is not a multiple of 8");
    require(payload_.size() <= SAGE_MAX_RECORD, "it is over 16 MiB");
    require(payload_.size() >= schema_.body_bytes(), "it is shorter than its struct");
    for (std::uint32_t i = 0; i < schema_.size(); ++i) {
      if (!is_scalar(schema_.type(i))) {
        check_list(schema_.byte(i), schema_.type(i));
      }
    }
  }

 private:
  void check_list(std::size_t at, Type type) const {
    const std::uint64_t pointer = wire::load64(payload_.data() + at);
    if (pointer == 0) {
      return;
    }
    const std::uint64_t element = (pointer >> 32) & 7;
    const std::uint64_t count = wire::list_count(pointer);
    const std::size_t width = element == wire::kElementByte   ? 1
                              : element == wire::kElementFour ? 4
                                                              : 8;
    require((pointer & 3) == 1, "a pointer is not one to a list");
    require(element == expected(type), "a list has elements of another size");
    const auto target = static_cast<std::int64_t>(at) + 8 +
                        (static_cast<std::int32_t>(pointer) >> 2) * std::int64_t{8};
    require(target >= static_cast<std::int64_t>(schema_.body_bytes()),
            "a list begins in the struct");
    const auto begin = static_cast<std::size_t>(target);
    const std::size_t end = begin + count * width;
    require(end <= payload_.size(), "a list ends outside the record");
    if (type == Type::kText) {
      require(count > 0 && payload_[end - 1] == 0, "a text does not end with NUL");
    }
    for (std::size_t i = end; i % 8 != 0; ++i) {
      require(payload_[i] == 0, "the padding behind a list is not zero");
    }
    for (std::uint64_t i = 0; type == Type::kListText && i < count; ++i) {
      check_list(begin + 8 * i, Type::kText);
    }
  }
  static std::uint64_t expected(Type type) {
    switch (type) {
      case Type::kText:
      case Type::kData:
        return wire::kElementByte;
      case Type::kListText:
        return wire::kElementPointer;
      case Type::kListFloat32:
        return wire::kElementFour;
      default:
        return wire::kElementEight;
    }
  }
  static void require(bool good, const char* what) {
    if (!good) {
      throw Failure(SAGE_E_DATA, std::string("testkit: a malformed record: ") + what);
    }
  }
  SchemaView schema_;
  BytesView payload_;
};

}  // namespace detail

// Throws a Failure that says what is wrong.
inline void check_record(SchemaView schema, BytesView payload) {
  detail::RecordCheck(schema, payload).run();
}

}  // namespace sage::testkit

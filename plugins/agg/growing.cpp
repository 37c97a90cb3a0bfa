#include "growing.hpp"

#include "order.hpp"

#include <algorithm>

namespace sage::agg {

namespace {

// Texts in a list are kept one behind the other, each behind its length.
constexpr std::size_t kLength = sizeof(std::uint32_t);

std::uint64_t padded(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }
std::uint64_t text_size(std::size_t length) { return length == 0 ? 0 : padded(length + 1); }

void pack(std::string& to, std::string_view text) {
  char length[kLength];
  const auto n = static_cast<std::uint32_t>(text.size());
  std::memcpy(length, &n, kLength);
  to.append(length, kLength).append(text);
}

std::string_view text_at(BytesView packed, std::size_t at) {
  const auto length = load<std::uint32_t>(packed.data() + at);
  return as_text(packed.subspan(at + kLength, length));
}

// Calls visit(text, at) until it returns false.
template <class Visit>
void for_each_text(BytesView packed, Visit visit) {
  for (std::size_t at = 0; at < packed.size();) {
    const std::string_view text = text_at(packed, at);
    if (!visit(text, at)) {
      return;
    }
    at += kLength + text.size();
  }
}

BytesView bytes_of(const Cell& cell, const Part& part) { return {cell.bytes_of(part), part.used}; }

}  // namespace

Growing::Growing(const Aggregate& aggregate, std::uint32_t from, std::uint32_t to, std::uint32_t at)
    : function_(aggregate.function),
      n_(aggregate.n),
      input_(aggregate.input),
      output_(aggregate.output),
      from_(from),
      to_(to),
      at_(at) {}

Growing::Value Growing::read(Record record) {
  switch (input_) {
    case Type::kText: {
      const std::string_view text = record.get(Field<std::string_view>{from_});
      return {as_bytes(text), 0, text_size(text.size())};
    }
    case Type::kData: {
      const BytesView data = record.get(Field<BytesView>{from_});
      return {data, 0, padded(data.size())};
    }
    case Type::kListText:
      return read_texts(record.get(Field<ListView<std::string_view>>{from_}));
    case Type::kListFloat32: {
      const auto list = record.get(Field<ListView<float>>{from_});
      const std::size_t bytes = list.size() * sizeof(float);
      return {{list.bytes(), bytes}, list.size(), padded(bytes)};
    }
    case Type::kListInt64:
    case Type::kListFloat64: {
      const auto list = record.get(Field<ListView<std::int64_t>>{from_});
      const std::size_t bytes = list.size() * sizeof(std::int64_t);
      return {{list.bytes(), bytes}, list.size(), bytes};
    }
    default:
      return {{record.body() + from_, 8}, 1, 8};
  }
}

Growing::Value Growing::read_texts(ListView<std::string_view> texts) {
  packed_.clear();
  Value value{{}, texts.size(), 8 * std::uint64_t{texts.size()}};
  for (const std::string_view text : texts) {
    pack(packed_, text);
    value.size += text_size(text.size());
  }
  value.bytes = as_bytes(packed_);
  return value;
}

std::uint64_t Growing::plan(const Cell& cell, bool fresh, Record record) {
  const Part part = part_of(cell);
  applies_ = true;
  value_ = read(record);
  const bool text = input_ == Type::kText;
  if (function_ == Function::kCollect) {
    size_ = part.size + (text ? 8 + value_.size : 8);
  } else if (function_ == Function::kTop) {
    if (!text) {
      const auto word = load<std::int64_t>(value_.bytes.data());
      number_ =
          input_ == Type::kFloat64 ? order_of(std::bit_cast<double>(word), NanIs::kLowest) : word;
    }
    size_ = plan_top(cell, part);
  } else {
    applies_ = replaces(cell, fresh);
    size_ = applies_ ? value_.size : part.size;
  }
  return size_;
}

bool Growing::replaces(const Cell& cell, bool fresh) const {
  if (fresh || function_ == Function::kLast) {
    return true;
  }
  const std::string_view now = as_text(bytes_of(cell, part_of(cell)));
  const std::string_view value = as_text(value_.bytes);
  return (function_ == Function::kMin && value < now) ||
         (function_ == Function::kMax && value > now);
}

std::uint64_t Growing::plan_top(const Cell& cell, const Part& part) const {
  const bool full = part.count == n_;
  if (input_ != Type::kText) {
    return full ? part.size : part.size + 8;
  }
  const std::uint64_t more = part.size + value_.size;
  if (!full) {
    return more + 8;
  }
  const std::string_view lowest = text_at(bytes_of(cell, part), 0);
  return as_text(value_.bytes) > lowest ? more - text_size(lowest.size()) : part.size;
}

void Growing::apply(Cells& cells, Cell& cell) {
  if (!applies_) {
    return;
  }
  Part part = part_of(cell);
  part.size = static_cast<std::uint32_t>(size_);
  if (function_ == Function::kCollect) {
    append(cells, cell, part);
  } else if (function_ == Function::kTop) {
    input_ == Type::kText ? insert_text(cells, cell, part) : insert_number(cells, cell, part);
  } else {
    part.used = 0;  // nothing to move along
    const auto length = static_cast<std::uint32_t>(value_.bytes.size());
    std::uint8_t* const to = cells.grow(cell, part, length);
    if (length != 0) {
      std::memcpy(to, value_.bytes.data(), length);
    }
    part.used = length;
    part.count = value_.count;
  }
  store<Part>(cell.fixed + at_, part);
}

void Growing::append(Cells& cells, Cell& cell, Part& part) const {
  const auto length = static_cast<std::uint32_t>(value_.bytes.size());
  const std::uint32_t head = input_ == Type::kText ? kLength : 0;
  std::uint8_t* to = cells.grow(cell, part, part.used + head + length) + part.used;
  if (head != 0) {
    store<std::uint32_t>(to, length);
  }
  if (length != 0) {
    std::memcpy(to + head, value_.bytes.data(), length);
  }
  part.used += head + length;
  ++part.count;
}

// In descending order, so that the lowest is the last.
void Growing::insert_number(Cells& cells, Cell& cell, Part& part) const {
  auto* const numbers =
      reinterpret_cast<std::int64_t*>(cells.grow(cell, part, 8 * std::min(part.count + 1, n_)));
  std::int64_t* const end = numbers + part.count;
  std::int64_t* const place = std::upper_bound(numbers, end, number_, std::greater<>());
  if (place == numbers + n_) {
    return;
  }
  part.count = std::min(part.count + 1, n_);
  part.used = 8 * part.count;
  std::copy_backward(place, numbers + part.count - 1, numbers + part.count);
  *place = number_;
}

// In ascending order, so that the lowest is found at once.
void Growing::insert_text(Cells& cells, Cell& cell, Part& part) {
  const BytesView now = bytes_of(cell, part);
  const std::string_view value = as_text(value_.bytes);
  std::size_t begin = 0;
  if (part.count == n_) {
    const std::string_view lowest = text_at(now, 0);
    if (value <= lowest) {
      return;
    }
    begin = kLength + lowest.size();
  } else {
    ++part.count;
  }
  std::size_t place = now.size();
  for_each_text(now, [&](std::string_view text, std::size_t at) {
    if (text < value) {
      return true;
    }
    place = at;
    return false;
  });
  packed_.assign(as_text(now.subspan(begin, place - begin)));
  pack(packed_, value);
  packed_.append(as_text(now.subspan(place)));
  part.used = 0;
  const auto length = static_cast<std::uint32_t>(packed_.size());
  std::memcpy(cells.grow(cell, part, length), packed_.data(), length);
  part.used = length;
}

void Growing::write(Row& row, const Cell& cell) {
  const Part part = part_of(cell);
  switch (output_) {
    case Type::kText:
      return row.set(Field<std::string_view>{to_}, as_text(bytes_of(cell, part)));
    case Type::kData:
      return row.set(Field<BytesView>{to_}, bytes_of(cell, part));
    case Type::kListText:
      return write_texts(row, cell, part);
    default:
      return write_numbers(row, cell, part);
  }
}

void Growing::write_numbers(Row& row, const Cell& cell, const Part& part) {
  const std::uint8_t* const bytes = cell.bytes_of(part);
  if (output_ == Type::kListFloat32) {
    const std::span values(reinterpret_cast<const float*>(bytes), part.count);
    return row.set(Field<ListView<float>>{to_}, values);
  }
  const std::span words(reinterpret_cast<const std::int64_t*>(bytes), part.count);
  if (function_ == Function::kTop && input_ == Type::kFloat64) {
    std::vector<double> values(words.size());
    std::ranges::transform(words, values.begin(), value_of);
    return row.set(Field<ListView<double>>{to_}, values);
  }
  row.set(Field<ListView<std::int64_t>>{to_}, words);  // or the bits of float64
}

void Growing::write_texts(Row& row, const Cell& cell, const Part& part) {
  texts_.clear();
  for_each_text(bytes_of(cell, part), [&](std::string_view text, std::size_t) {
    texts_.push_back(text);
    return true;
  });
  if (function_ == Function::kTop) {
    std::ranges::reverse(texts_);
  }
  row.set(Field<ListView<std::string_view>>{to_}, texts_);
}

}  // namespace sage::agg

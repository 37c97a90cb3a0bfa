#include "cells.hpp"

#include <algorithm>

namespace sage::agg {

namespace {

constexpr std::uint32_t kSlotMax = 4096;

std::uint32_t whole_words(std::uint32_t bytes) { return (bytes + 7) & ~7u; }

}  // namespace

Cells::Cells(Context& ctx, std::uint32_t fixed, bool grows)
    : fixed_(fixed), alone_(ctx.keys().empty()), grows_(grows || fixed > kSlotMax) {
  if (alone_) {
    resize(own_blob_, fixed_);
  } else if (grows_) {
    blobs_ = ctx.keyed_blob("aggregates");
  } else {
    slots_ = ctx.keyed_bytes("aggregates", fixed_);
  }
}

void Cells::load(Batch batch) {
  if (!alone_) {
    batch_ = grows_ ? blobs_.slots(batch) : slots_.slots(batch);
  }
}

Cell Cells::operator[](std::uint32_t i) {
  if (alone_) {
    return {own_blob_.data, &own_blob_};
  }
  if (!grows_) {
    return {static_cast<std::uint8_t*>(batch_[i]), nullptr};
  }
  auto* const blob = static_cast<sage_blob*>(batch_[i]);
  if (blob->len == 0) {
    resize(*blob, fixed_);
  }
  return {blob->data, blob};
}

std::uint8_t* Cells::grow(Cell& cell, Part& part, std::uint32_t bytes) {
  if (bytes > part.capacity) {
    sage_blob& blob = *cell.blob;
    const std::uint32_t capacity = whole_words(std::max(bytes, 2 * part.capacity));
    const std::uint32_t end = blob.len;
    const bool last = part.offset + part.capacity == end;
    resize(blob, (last ? part.offset : end) + capacity);
    if (!last) {
      std::memcpy(blob.data + end, blob.data + part.offset, part.used);
      part.offset = end;
    }
    part.capacity = capacity;
    cell.fixed = blob.data;
  }
  return cell.blob->data + part.offset;
}

void Cells::resize(sage_blob& blob, std::uint32_t length) {
  if (!alone_) {
    blobs_.resize(blob, length);
    return;
  }
  own_.resize(length / 8);
  blob = {reinterpret_cast<std::uint8_t*>(own_.data()), length, length};
}

}  // namespace sage::agg

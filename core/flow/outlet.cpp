#include "flow/outlet.hpp"

#include "base/assert.hpp"

#include <utility>

namespace sage::flow {

Outlet::Outlet(std::unique_ptr<Partitioner> partitioner, std::vector<Channel> channels)
    : partitioner_(std::move(partitioner)),
      gather_(partitioner_->gather()),
      channels_(std::move(channels)),
      waiting_(channels_.size()) {
  send_ = [this](std::uint32_t index, BatchRef batch) { send(index, std::move(batch)); };
}

bool Outlet::deliver(std::uint32_t channel, Event& event) {
  const Channel& to = channels_[channel];
  if (const auto* batch = std::get_if<BatchRef>(&event)) {
    if (!to.inbox->admits(to.number, (*batch)->pinned_bytes()))
      return false;
    sent_ += (*batch)->count;
  }
  to.inbox->push(to.number, std::move(event));
  return true;
}

void Outlet::send(std::uint32_t channel, Event event) {
  std::deque<Event>& waiting = waiting_[channel];
  if (!waiting.empty()) {
    waiting.push_back(std::move(event));
  } else if (!deliver(channel, event)) {
    waiting.push_back(std::move(event));
    ++blocked_;
  }
}

void Outlet::send_all(const Event& event) {
  for (std::uint32_t c = 0; c < channels_.size(); ++c)
    send(c, event);
}

// The later mark says all that the earlier one does.
void Outlet::send_marks() {
  if (mark_ || old_mark_)
    send_all(mark_ ? *mark_ : *old_mark_);
  mark_.reset();
  old_mark_.reset();
}

Status Outlet::push(Event event) {
  SAGE_ASSERT(blocked_ == 0);
  if (auto* batch = std::get_if<BatchRef>(&event)) {
    SAGE_ASSERT(!(*batch)->selects);  // that stays inside a chain
    return partitioner_->split(std::move(*batch), send_);
  }
  if (const auto* mark = std::get_if<Watermark>(&event)) {
    if (gather_ == nullptr || gather_->empty()) {
      send_all(*mark);
    } else {
      mark_ = *mark;
    }
    return Ok{};
  }
  close();
  send_all(event);
  return Ok{};
}

bool Outlet::flush() {
  for (std::uint32_t c = 0; c < channels_.size() && blocked_ > 0; ++c) {
    std::deque<Event>& waiting = waiting_[c];
    if (waiting.empty())
      continue;
    while (!waiting.empty() && deliver(c, waiting.front()))
      waiting.pop_front();
    blocked_ -= waiting.empty() ? 1 : 0;
  }
  return blocked_ == 0;
}

bool Outlet::close() {
  if (gather_ == nullptr || gather_->empty())
    return false;
  gather_->close(send_);
  send_marks();
  return true;
}

void Outlet::close_old() {
  if (gather_ == nullptr)
    return;
  gather_->close_old(send_);
  if (gather_->empty()) {
    send_marks();
    return;
  }
  if (old_mark_)
    send_all(*old_mark_);
  old_mark_ = std::exchange(mark_, std::nullopt);
}

}  // namespace sage::flow
